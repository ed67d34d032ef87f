import { PageState, type Source } from '../native/source.ts';
import { type Area, areasOf, mayHold, wantedKinds } from './areas.ts';
import { type Coverage, moveBytes } from './coverage.ts';
import { listPages, type Pages } from './page-lists.ts';
import { addRange, partsIn, type Range, sizeOf, sumOf } from './ranges.ts';
import type { Region, RegionKind } from './region.ts';
import type { Selection } from './selection.ts';
import { Views } from './views.ts';

/** Most areas in one request for their pages. */
const AREAS_PER_LIST = 1024;

/** What residentSpans() reports besides the spans. It adds to both as it goes. */
export interface Planned {
  readonly coverage: Coverage;
  /** Pages to be read that are the process's own copies of a file's, in private file mappings; in order. */
  readonly copied: Range[];
}

/**
 * Yields the selected memory that is resident now, in order of addresses, many ranges at a time; each range lies in one
 * region. Counts everything else in `planned.coverage`. With `chosen`, reads only these regions. Throws PagemapError.
 */
export async function* residentSpans(
  source: Source,
  regions: readonly Region[],
  selection: Selection,
  planned: Planned,
  chosen?: ReadonlySet<Region>,
): AsyncGenerator<Range[]> {
  const wanted = wantedKinds(selection);
  const areas = areasOf(regions, selection.ranges).filter((area) => {
    const isChosen = chosen?.has(area.region) ?? true;
    const outcome = outcomeOf(area.region.kind, wanted, isChosen);
    planned.coverage.mapped += sizeOf(area);
    planned.coverage[outcome] += sizeOf(area);
    return outcome === 'notReached';
  });
  const views = new Views(selection.everyView ? [] : areas.map(({ region }) => region));
  for (let first = 0; first < areas.length; first += AREAS_PER_LIST) {
    yield* spansOfAreas(source, areas.slice(first, first + AREAS_PER_LIST), { ...planned, wanted, views });
  }
}

function outcomeOf(
  kind: RegionKind,
  wanted: ReadonlySet<RegionKind>,
  isChosen: boolean,
): 'special' | 'notChosen' | 'notReached' {
  if (kind === 'special') return 'special';
  return isChosen && mayHold(kind, wanted) ? 'notReached' : 'notChosen';
}

interface Plan extends Planned {
  readonly wanted: ReadonlySet<RegionKind>;
  readonly views: Views;
}

async function* spansOfAreas(source: Source, areas: readonly Area[], plan: Plan): AsyncGenerator<Range[]> {
  for await (const { covered, pages } of listPages(source, areas)) {
    for (const part of partsIn(areas, covered)) {
      moveBytes(plan.coverage, 'notReached', 'notResident', sizeOf(part));
    }
    yield pages.flatMap((range) =>
      [...partsIn(areas, range)].flatMap((part) => spansOfPages(part, range, plan)),
    );
  }
}

/** Moves a part's bytes from `notResident` to their outcome. Returns the ranges in it to read. */
function spansOfPages(part: Area, { state }: Pages, { coverage, wanted, views, copied }: Plan): Range[] {
  const kind = kindOfPages(part.region, state);
  const outcome = outcomeOfPages(state, part.region, kind, wanted);
  moveBytes(coverage, 'notResident', outcome, sizeOf(part));
  if (outcome !== 'notReached') return [];
  const fresh = views.take(part);
  moveBytes(coverage, 'notReached', 'otherViews', sizeOf(part) - sumOf(fresh));
  if (kind === 'file-data') addRange(copied, part);
  return fresh;
}

/** Pages of a private file mapping that were written to are the process's own. */
const kindOfPages = (region: Region, state: bigint): RegionKind =>
  region.kind === 'file' && !(state & PageState.file) ? 'file-data' : region.kind;

function outcomeOfPages(
  state: bigint,
  region: Region,
  kind: RegionKind,
  wanted: ReadonlySet<RegionKind>,
): keyof Coverage {
  if (!(state & PageState.present)) return 'swapped';
  if (state & PageState.zero) return 'notResident';
  if (!wanted.has(kind)) return kind === 'file' ? 'fileBacked' : 'notChosen';
  return region.perms.startsWith('r') ? 'notReached' : 'unreadable';
}

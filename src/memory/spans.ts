import { addon } from '../native/addon.ts';
import { PageState, type Source } from '../native/source.ts';
import { type Coverage, moveBytes } from './coverage.ts';
import { addRange, intersect, joinRanges, partsIn, type Range, sizeOf, sumOf } from './ranges.ts';
import { type Region, REGION_KINDS, type RegionKind } from './region.ts';
import type { Selection } from './selection.ts';
import { Views } from './views.ts';

/** A region, or the part of it that was selected. */
export interface Area extends Range {
  readonly region: Region;
}

/** Pages asked for at a time (64 MiB): what is read was seen in memory a moment ago, however large the target. */
const PAGES_A_LOOK = 16384;
const AREAS_A_LOOK = 1024;

/** The selected parts of the regions, each once, however the ranges overlap. */
export function areasOf(regions: readonly Region[], ranges: readonly Range[]): Area[] {
  if (ranges.length === 0) return regions.map((region) => ({ region, start: region.start, end: region.end }));
  const joined = joinRanges(ranges);
  return regions.flatMap((region) =>
    joined.flatMap((range) => {
      const area = intersect(region, range);
      return area ? [{ region, ...area }] : [];
    }),
  );
}

/** Bytes of the selected address space. */
export function selectedBytes(regions: readonly Region[], selection: Selection): number {
  const wanted = wantedKinds(selection);
  return sumOf(areasOf(regions, selection.ranges).filter(({ region }) => mayHold(region.kind, wanted)));
}

/** The kinds of memory a selection reads. */
export const wantedKinds = ({ all, only, skip }: Selection): ReadonlySet<RegionKind> =>
  new Set(
    REGION_KINDS.filter(
      (kind) => (only ? only.includes(kind) : all || kind !== 'file') && !skip?.includes(kind),
    ),
  );

/** What became of a selection's memory, beside its bytes. */
export interface Planned {
  readonly coverage: Coverage;
  /** Pages of private mappings of files that are the process's own copies, of those that are read; in order. */
  readonly copied: Range[];
}

/**
 * The selected memory that is in memory now, page for page, in order, as ranges of one region each; many at a time.
 * Everything else is counted in the coverage. `chosen`: only these regions.
 */
export async function* residentSpans(
  source: Source,
  regions: readonly Region[],
  selection: Selection,
  planned: Planned,
  chosen?: ReadonlySet<Region>,
): AsyncGenerator<Range[]> {
  const { coverage } = planned;
  const wanted = wantedKinds(selection);
  const areas: Area[] = [];
  for (const area of areasOf(regions, selection.ranges)) {
    const { kind } = area.region;
    coverage.mapped += sizeOf(area);
    if (kind === 'special') {
      coverage.special += sizeOf(area);
    } else if (!mayHold(kind, wanted) || chosen?.has(area.region) === false) {
      coverage.notChosen += sizeOf(area);
    } else {
      coverage.notReached += sizeOf(area);
      areas.push(area);
    }
  }
  const views = new Views(selection.everyView ? [] : areas.map(({ region }) => region));
  for (let first = 0; first < areas.length; first += AREAS_A_LOOK) {
    yield* spansOfAreas(source, areas.slice(first, first + AREAS_A_LOOK), { ...planned, wanted, views });
  }
}

/** Whether a region of the kind may hold pages of a wanted one. */
export const mayHold = (kind: RegionKind, wanted: ReadonlySet<RegionKind>): boolean =>
  wanted.has(kind) || (kind === 'file' && wanted.has('file-data'));

interface Plan extends Planned {
  readonly wanted: ReadonlySet<RegionKind>;
  readonly views: Views;
}

async function* spansOfAreas(source: Source, areas: readonly Area[], plan: Plan): AsyncGenerator<Range[]> {
  const { coverage, wanted, views, copied } = plan;
  for await (const { seen, pages } of looks(source, areas)) {
    // What was looked at is not resident, but for the pages that were listed.
    for (const part of partsIn(areas, seen)) moveBytes(coverage, 'notReached', 'notResident', sizeOf(part));
    const spans: Range[] = [];
    for (const range of pages) {
      for (const part of partsIn(areas, range)) {
        const kind = kindOfPages(part.region, range.state);
        const fate = fateOf(range.state, part.region, kind, wanted);
        moveBytes(coverage, 'notResident', fate, sizeOf(part));
        if (fate !== 'notReached') continue;
        const fresh = views.take(part);
        moveBytes(coverage, 'notReached', 'otherViews', sizeOf(part) - sumOf(fresh));
        if (kind === 'file-data') addRange(copied, part);
        spans.push(...fresh);
      }
    }
    yield spans;
  }
}

/** In a private mapping of a file, pages that were written to are the process's own. */
const kindOfPages = (region: Region, state: bigint): RegionKind =>
  region.kind === 'file' && !(state & PageState.file) ? 'file-data' : region.kind;

// Memory that is to be read is not reached before it has been.
function fateOf(
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

interface Pages extends Range {
  readonly state: bigint;
}

/**
 * Goes over the areas in portions: what was seen, and which pages there are in memory or swapped. The next portion is
 * looked at while the caller uses the last.
 */
export async function* looks(
  source: Source,
  areas: readonly Area[],
): AsyncGenerator<{ seen: Range; pages: Pages[] }> {
  const spans = pageSpans(areas);
  const end = spans.at(-2) ?? 0n;
  const look = (start: bigint): ReturnType<Source['listPages']> | undefined => {
    if (start >= end) return undefined;
    const list = source.listPages(spans, start, PAGES_A_LOOK, pagemapByEntry());
    list.catch(() => {}); // thrown below, if the caller comes back for it
    return list;
  };
  let start = spans[0] ?? 0n;
  for (let list = look(start); list;) {
    const { error, next, ranges } = await list;
    if (error) throw new PagemapError(error);
    list = look(next);
    const pages: Pages[] = [];
    for (let i = 0; i < ranges.length; i += 3) {
      pages.push({ start: ranges[i]!, end: ranges[i + 1]!, state: ranges[i + 2]! });
    }
    yield { seen: { start, end: next }, pages };
    start = next;
  }
}

/** Whether to do without PAGEMAP_SCAN, as on kernels that lack it. */
export const pagemapByEntry = (): boolean => process.env['MEMSCAN_PAGEMAP'] === 'entries';

/**
 * Areas for the addon. Whole pages, since a selected range may begin or end inside one; and each once, since two may in
 * the same. Only of a private mapping of a file it is asked which pages are the file's: of all others it is known.
 */
export function pageSpans(areas: readonly Area[]): BigUint64Array<ArrayBuffer> {
  const page = BigInt(addon.pageSize);
  const spans: bigint[] = [];
  for (const { start, end, region } of areas) {
    const first = (start / page) * page;
    const last = ((end + page - 1n) / page) * page;
    if (spans.length > 0 && first < spans.at(-2)!) spans[spans.length - 2] = last;
    else spans.push(first, last, region.kind === 'file' ? 1n : 0n);
  }
  return BigUint64Array.from(spans);
}

/** The kernel did not tell which pages are in memory. */
export class PagemapError extends Error {
  constructor(readonly errno: number) {
    super(`pagemap: errno ${errno}`);
  }
}

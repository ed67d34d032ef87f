import { addon, PageState, type Source } from '../native.ts';
import {
  type Coverage,
  firstEndingAfter,
  intersect,
  joinRanges,
  type Range,
  type Region,
  type Selection,
} from './target.ts';

/** A region, or the part of it that was selected. */
interface Area extends Range {
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
export const selectedBytes = (regions: readonly Region[], ranges: readonly Range[]): number =>
  areasOf(regions, ranges).reduce((sum, area) => sum + sizeOf(area), 0);

/**
 * The selected memory that is in memory now, page for page, in order, as ranges of one region each; many at a time.
 * Everything else is counted in `coverage`.
 */
export async function* residentSpans(
  source: Source,
  regions: readonly Region[],
  selection: Selection,
  coverage: Coverage,
): AsyncGenerator<Range[]> {
  const areas: Area[] = [];
  for (const area of areasOf(regions, selection.ranges)) {
    coverage.mapped += sizeOf(area);
    if (area.region.kind === 'special') {
      coverage.special += sizeOf(area);
    } else {
      coverage.notReached += sizeOf(area);
      areas.push(area);
    }
  }
  for (let first = 0; first < areas.length; first += AREAS_A_LOOK) {
    yield* spansOfAreas(source, areas.slice(first, first + AREAS_A_LOOK), selection, coverage);
  }
}

async function* spansOfAreas(
  source: Source,
  areas: readonly Area[],
  selection: Selection,
  coverage: Coverage,
): AsyncGenerator<Range[]> {
  for await (const { seen, pages } of looks(source, areas, selection.all)) {
    // What was looked at is not resident, but for the pages that were listed.
    for (const part of partsOf(areas, seen)) move(coverage, 'notReached', 'notResident', sizeOf(part));
    const wanted: Range[] = [];
    for (const range of pages) {
      for (const part of partsOf(areas, range)) {
        const fate = fateOf(range.state, part.region, selection.all);
        move(coverage, 'notResident', fate, sizeOf(part));
        if (fate === 'notReached') wanted.push(part);
      }
    }
    yield wanted;
  }
}

// Memory that is to be read is not reached before it has been.
function fateOf(state: bigint, region: Region, all: boolean): keyof Coverage {
  if (!(state & PageState.present)) return 'swapped';
  if (state & PageState.zero) return 'notResident';
  if (state & PageState.file && region.kind !== 'shared' && !all) return 'fileBacked';
  return region.perms.startsWith('r') ? 'notReached' : 'unreadable';
}

function move(coverage: Coverage, from: keyof Coverage, to: keyof Coverage, bytes: number): void {
  coverage[from] -= bytes;
  coverage[to] += bytes;
}

const sizeOf = (range: Range): number => Number(range.end - range.start);

/** The parts of areas that lie in `range`, found by binary search: there may be tens of thousands of areas. */
function* partsOf(areas: readonly Area[], range: Range): Generator<Area> {
  for (let i = firstEndingAfter(areas, range.start); i < areas.length && areas[i]!.start < range.end; i++) {
    const part = intersect(range, areas[i]!);
    if (part) yield { ...part, region: areas[i]!.region };
  }
}

interface Pages extends Range {
  readonly state: bigint;
}

/**
 * Goes over the areas in portions: what was seen, and which pages there are in memory or swapped. The next portion is
 * looked at while the caller uses the last.
 */
async function* looks(
  source: Source,
  areas: readonly Area[],
  all: boolean,
): AsyncGenerator<{ seen: Range; pages: Pages[] }> {
  const spans = pageSpans(areas, all);
  const end = spans.at(-2) ?? 0n;
  const byEntry = process.env['MEMSCAN_PAGEMAP'] === 'entries';
  const look = (start: bigint): ReturnType<Source['listPages']> | undefined => {
    if (start >= end) return undefined;
    const list = source.listPages(spans, start, PAGES_A_LOOK, byEntry);
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

// Whole pages, since a selected range may begin or end inside one; and each once, since two may in the same. Only of a
// private mapping of a file it is asked which pages are the file's: of all others it is known, or makes no difference.
function pageSpans(areas: readonly Area[], all: boolean): BigUint64Array<ArrayBuffer> {
  const page = BigInt(addon.pageSize);
  const spans: bigint[] = [];
  for (const { start, end, region } of areas) {
    const asksFile = !all && region.dev !== '00:00' && region.kind !== 'shared';
    const first = (start / page) * page;
    const last = ((end + page - 1n) / page) * page;
    if (spans.length > 0 && first < spans.at(-2)!) spans[spans.length - 2] = last;
    else spans.push(first, last, asksFile ? 1n : 0n);
  }
  return BigUint64Array.from(spans);
}

/** The kernel did not tell which pages are in memory. */
export class PagemapError extends Error {
  constructor(readonly errno: number) {
    super(`pagemap: errno ${errno}`);
  }
}

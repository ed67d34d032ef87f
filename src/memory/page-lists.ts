import { addon } from '../native/addon.ts';
import type { Source } from '../native/source.ts';
import type { Area } from './areas.ts';
import type { Range } from './ranges.ts';

/** Most pages in one listing (64 MiB): pages are read soon after they were listed, however large the target. */
const PAGES_PER_LIST = 16384;

export interface PageList {
  /** The addresses that this listing covers: pages in them that it does not name are not resident. */
  readonly covered: Range;
  /** Resident and swapped pages, in order. */
  readonly pages: readonly Pages[];
}

/** Adjacent pages of one state. */
export interface Pages extends Range {
  /** Bits of PageState. */
  readonly state: bigint;
}

/**
 * Lists the resident and swapped pages of areas (in order), a bounded number at a time. Requests the next list while the
 * caller uses the last. Throws PagemapError.
 */
export async function* listPages(source: Source, areas: readonly Area[]): AsyncGenerator<PageList> {
  const spans = pageSpans(areas);
  const end = spans.at(-2) ?? 0n;
  const listFrom = (start: bigint): ReturnType<Source['listPages']> | undefined => {
    if (start >= end) return undefined;
    const list = source.listPages(spans, start, PAGES_PER_LIST, pagemapByEntry());
    list.catch(() => {}); // thrown below, if the caller comes back for it
    return list;
  };
  let start = spans[0] ?? 0n;
  for (let list = listFrom(start); list;) {
    const { error, next, ranges } = await list;
    if (error) throw new PagemapError(error);
    list = listFrom(next);
    yield { covered: { start, end: next }, pages: pagesIn(ranges) };
    start = next;
  }
}

function pagesIn(triples: BigUint64Array): Pages[] {
  const pages: Pages[] = [];
  for (let i = 0; i < triples.length; i += 3) {
    pages.push({ start: triples[i]!, end: triples[i + 1]!, state: triples[i + 2]! });
  }
  return pages;
}

/** Whether to read /proc/PID/pagemap instead of using PAGEMAP_SCAN, as on kernels before 6.7. */
export const pagemapByEntry = (): boolean => process.env['MEMSCAN_PAGEMAP'] === 'entries';

/**
 * Converts areas (in order) to the addon's triples: start, end, and 1 for a file mapping, whose pages may be the file's
 * or copies. Rounds to whole pages, since a selected range may begin or end inside one, and includes no page twice.
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

/** The kernel did not report which pages are in memory. */
export class PagemapError extends Error {
  constructor(readonly errno: number) {
    super(`pagemap: errno ${errno}`);
  }
}

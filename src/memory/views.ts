import { firstEndingAfter, gapsIn, type Range } from './ranges.ts';
import type { Region } from './region.ts';

/**
 * Ensures that memory mapped at several addresses is taken once, at the address that comes first. (HotSpot's ZGC maps its heap
 * three times unless it is generational.)
 */
export class Views {
  /** Offsets taken so far, by file. Only files with several shared mappings have an entry. */
  private readonly taken = new Map<string, Range[]>();

  constructor(regions: readonly Region[]) {
    const met = new Set<string>();
    for (const region of new Set(regions.filter(isShared))) {
      const file = fileOf(region);
      if (met.has(file)) this.taken.set(file, []);
      met.add(file);
    }
  }

  /** Whether the region's file also has another shared mapping. */
  has(region: Region): boolean {
    return isShared(region) && this.taken.has(fileOf(region));
  }

  /** Marks a part of `region` as taken. Returns the addresses in it that were not taken before, in order. */
  take({ start, end, region }: Range & { readonly region: Region }): Range[] {
    const taken = isShared(region) ? this.taken.get(fileOf(region)) : undefined;
    if (!taken) return [{ start, end }];
    const shift = region.offset - region.start;
    const offsets = { start: start + shift, end: end + shift };
    const fresh = gapsIn(offsets, taken);
    insert(taken, offsets);
    return fresh.map((gap) => ({ start: gap.start - shift, end: gap.end - shift }));
  }
}

/** Inserts a range into ordered ranges without overlap, and joins it with those it overlaps or touches. */
function insert(ranges: Range[], { start, end }: Range): void {
  const first = firstEndingAfter(ranges, start - 1n);
  let next = first;
  let joined = { start, end };
  for (; next < ranges.length && ranges[next]!.start <= end; next++) {
    const other = ranges[next]!;
    joined = {
      start: other.start < joined.start ? other.start : joined.start,
      end: other.end > joined.end ? other.end : joined.end,
    };
  }
  ranges.splice(first, next - first, joined);
}

const isShared = ({ perms }: Region): boolean => perms.endsWith('s');
const fileOf = ({ dev, inode }: Region): string => `${dev} ${inode}`;

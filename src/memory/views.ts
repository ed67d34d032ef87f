import { firstEndingAfter, gapsIn, type Range } from './ranges.ts';
import type { Region } from './region.ts';

/**
 * Memory that a target has mapped at several places is taken once: where it is met first. (HotSpot's ZGC, before it was
 * generational, maps its heap three times.)
 */
export class Views {
  /** By file, for those that are shared and mapped more than once: the offsets that were taken. */
  private readonly taken = new Map<string, Range[]>();

  constructor(regions: readonly Region[]) {
    const met = new Set<string>();
    for (const region of new Set(regions.filter(isShared))) {
      const file = fileOf(region);
      if (met.has(file)) this.taken.set(file, []);
      met.add(file);
    }
  }

  /** Whether the region's memory is mapped elsewhere, too. */
  has(region: Region): boolean {
    return isShared(region) && this.taken.has(fileOf(region));
  }

  /** What of the part of a region was not taken yet. */
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

/** Puts a range among those that are in order and apart; what it touches becomes one with it. */
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

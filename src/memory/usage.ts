import { firstEndingAfter, joinRanges, type Range, sizeOf } from './ranges.ts';
import type { Region, RegionKind } from './region.ts';
import type { Residency } from './residency.ts';

/** Size of a region, or of its part of one kind, in bytes. */
export interface Usage {
  readonly region: Region;
  readonly kind: RegionKind;
  readonly size: number;
  readonly resident: number;
  /** The part of `resident` that is also mapped, and counted, at a lower address. */
  readonly again: number;
  readonly swapped: number;
}

/**
 * Lists the usage of each region. A private file mapping may give two entries: `file` for the file's pages, and `file-data`
 * for pages that the process has written to. `residency` has one entry per region.
 */
export function usageOf(regions: readonly Region[], residency: readonly Residency[]): Usage[] {
  return regions.flatMap((region, i) => {
    const { resident, copied, again, swapped } = residency[i]!;
    const size = sizeOf(region);
    if (region.kind !== 'file') return [{ region, kind: region.kind, size, resident, again, swapped }];
    // Only copies are swapped: the kernel drops the file's pages and reads them from the file again.
    const own = copied + swapped;
    const file: Usage = {
      region,
      kind: 'file',
      size: size - own,
      resident: resident - copied,
      again,
      swapped: 0,
    };
    const data: Usage = { region, kind: 'file-data', size: own, resident: copied, again: 0, swapped };
    return [...(file.size > 0 ? [file] : []), ...(own > 0 ? [data] : [])];
  });
}

export interface KindUsage {
  readonly kind: RegionKind;
  /** Number of regions or parts of regions. */
  readonly count: number;
  readonly size: number;
  /** Bytes in memory. Memory that is mapped several times counts once. */
  readonly resident: number;
  readonly swapped: number;
}

/** Adds usage up by kind, most resident bytes first. */
export function usageByKind(usages: readonly Usage[]): KindUsage[] {
  const sums = new Map<RegionKind, { -readonly [Field in keyof KindUsage]: KindUsage[Field] }>();
  for (const { kind, size, resident, again, swapped } of usages) {
    const sum = sums.get(kind) ?? { kind, count: 0, size: 0, resident: 0, swapped: 0 };
    sum.count++;
    sum.size += size;
    sum.resident += resident - again;
    sum.swapped += swapped;
    sums.set(kind, sum);
  }
  return [...sums.values()].toSorted((a, b) => b.resident - a.resident || b.size - a.size);
}

/** Returns a test whether a region overlaps one of the ranges. Without ranges, every region passes. */
export function inRanges(ranges: readonly Range[]): (region: Region) => boolean {
  if (ranges.length === 0) return () => true;
  const joined = joinRanges(ranges);
  return ({ start, end }) => (joined[firstEndingAfter(joined, start)]?.start ?? end) < end;
}

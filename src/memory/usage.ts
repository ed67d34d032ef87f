import { firstEndingAfter, joinRanges, type Range, sizeOf } from './ranges.ts';
import type { Region, RegionKind } from './region.ts';
import type { Residency } from './residency.ts';

/** What a region, or its part of one kind, takes. Bytes. */
export interface Usage {
  readonly region: Region;
  readonly kind: RegionKind;
  readonly size: number;
  readonly resident: number;
  /** Of `resident`, memory that the target has mapped at a lower address, too. */
  readonly again: number;
  readonly swapped: number;
}

/**
 * What regions take, kind by kind: a private mapping of a file is `file` by the pages that are the file's, and
 * `file-data` by those that the process has written to.
 */
export function usageOf(regions: readonly Region[], residency: readonly Residency[]): Usage[] {
  return regions.flatMap((region, i) => {
    const { resident, copied, again, swapped } = residency[i]!;
    const size = sizeOf(region);
    if (region.kind !== 'file') return [{ region, kind: region.kind, size, resident, again, swapped }];
    // What is swapped of a private mapping are copies: the file's pages are read again from the file.
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
  /** Regions, or parts of regions. */
  readonly count: number;
  readonly size: number;
  /** Memory that is mapped several times counts once. */
  readonly resident: number;
  readonly swapped: number;
}

/** Sums by kind, the one with most in memory first. */
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

/** Whether the region lies in one of the ranges; where there are none, each does. */
export function inRanges(ranges: readonly Range[]): (region: Region) => boolean {
  if (ranges.length === 0) return () => true;
  const joined = joinRanges(ranges);
  return ({ start, end }) => (joined[firstEndingAfter(joined, start)]?.start ?? end) < end;
}

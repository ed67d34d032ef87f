import { intersect, joinRanges, type Range, sumOf } from './ranges.ts';
import { type Region, REGION_KINDS, type RegionKind } from './region.ts';
import type { Selection } from './selection.ts';

/** A region, or the selected part of it. */
export interface Area extends Range {
  readonly region: Region;
}

/** Returns the parts of the regions that lie in `ranges`, each once even if ranges overlap. Without ranges: the regions. */
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

/** Bytes of address space that a selection covers. */
export function selectedBytes(regions: readonly Region[], selection: Selection): number {
  const wanted = wantedKinds(selection);
  return sumOf(areasOf(regions, selection.ranges).filter(({ region }) => mayHold(region.kind, wanted)));
}

/** The kinds of memory that a selection reads. */
export const wantedKinds = ({ all, only, skip }: Selection): ReadonlySet<RegionKind> =>
  new Set(
    REGION_KINDS.filter(
      (kind) => (only ? only.includes(kind) : all || kind !== 'file') && !skip?.includes(kind),
    ),
  );

/** Whether a region of `kind` may hold pages of a wanted kind: mappings of files may hold `file-data`. */
export const mayHold = (kind: RegionKind, wanted: ReadonlySet<RegionKind>): boolean =>
  wanted.has(kind) || (kind === 'file' && wanted.has('file-data'));

import type { FamilyGrowth } from '../../content/growth.ts';
import type { FamilyOrder } from '../options/overview.ts';

/** Families as `--by` has them; by bytes, as they are. */
export function inOrder<Of extends { readonly strings: number }>(
  families: readonly Of[],
  order: FamilyOrder,
  growths?: { get(family: Of): FamilyGrowth | undefined },
): readonly Of[] {
  const growthOf = (family: Of): number => growths?.get(family)?.growth ?? 0;
  if (order === 'growth') return families.toSorted((a, b) => growthOf(b) - growthOf(a));
  return order === 'bytes' ? families : families.toSorted((a, b) => b.strings - a.strings);
}

/** Of all text, what a family has that is worth a look. */
const LEAST_SHARE = 0.001;

/** Those that are shown: as many as `--limit` says, and none that takes next to nothing, unless all are asked for. */
export function widest<Of>(
  families: readonly Of[],
  { limit }: { readonly limit: number },
  shareOf: (family: Of) => number,
): readonly Of[] {
  if (limit === Infinity) return families;
  return families.filter((family) => shareOf(family) >= LEAST_SHARE).slice(0, limit);
}

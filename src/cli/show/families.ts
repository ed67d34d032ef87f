import type { FamilyGrowth } from '../../content/growth.ts';
import type { FamilyOrder } from '../options/overview.ts';

/** Families in the order of `--by`; they come in the order of bytes. */
export function inOrder<Of extends { readonly strings: number }>(
  families: readonly Of[],
  order: FamilyOrder,
  growths?: { get(family: Of): FamilyGrowth | undefined },
): readonly Of[] {
  const growthOf = (family: Of): number => growths?.get(family)?.growth ?? 0;
  if (order === 'growth') return families.toSorted((a, b) => growthOf(b) - growthOf(a));
  return order === 'bytes' ? families : families.toSorted((a, b) => b.strings - a.strings);
}

/** The least share of all text that a family has to have to be shown. */
const LEAST_SHARE = 0.001;

/** The families that are shown: `limit` at most, and without a limit all, else none of next to nothing. */
export function widest<Of>(
  families: readonly Of[],
  { limit }: { readonly limit: number },
  shareOf: (family: Of) => number,
): readonly Of[] {
  if (limit === Infinity) return families;
  return families.filter((family) => shareOf(family) >= LEAST_SHARE).slice(0, limit);
}

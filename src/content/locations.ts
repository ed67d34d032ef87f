import type { Range } from '../memory/ranges.ts';
import type { Region, RegionKind } from '../memory/region.ts';
import type { RegionLocations } from '../native/lines.ts';
import type { Target } from '../targets/target.ts';

/** Bytes of a family in regions of one kind; for arenas, in the regions of one arena. */
export interface Location {
  readonly kind: RegionKind;
  /** The arena's number, where it has one. */
  readonly arena?: number;
  readonly bytes: number;
}

/** Numbers the locations of a target's strings, since only numbers cross the addon's boundary for each string. */
export class Locations {
  private readonly all: Omit<Location, 'bytes'>[] = [];
  private readonly indexes = new Map<string, number>();

  constructor(private readonly target: Target) {}

  /** The index of a region's location. */
  indexOf({ kind, facts: { arena } }: Region): number {
    const isNumbered = kind === 'arena' && typeof arena === 'number';
    const key = isNumbered ? `${kind} ${arena}` : kind;
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    this.indexes.set(key, this.all.length);
    return this.all.push(isNumbered ? { kind, arena } : { kind }) - 1;
  }

  /** Where locations start within the ranges, which are in order. */
  within(ranges: readonly Range[]): RegionLocations {
    const starts: bigint[] = [];
    const locations: number[] = [];
    for (const range of ranges) {
      for (const { start, region } of this.target.regionsIn(range)) {
        const location = this.indexOf(region);
        if (location === locations.at(-1)) continue;
        starts.push(start);
        locations.push(location);
      }
    }
    return { starts: BigUint64Array.from(starts), locations: Uint32Array.from(locations) };
  }

  /** Locations from pairs of an index and bytes, largest first. */
  from(pairs: Float64Array): Location[] {
    const found: Location[] = [];
    for (let i = 0; i < pairs.length; i += 2) found.push({ ...this.all[pairs[i]!]!, bytes: pairs[i + 1]! });
    return found.toSorted(
      (a, b) => b.bytes - a.bytes || (a.arena ?? 0) - (b.arena ?? 0) || (a.kind < b.kind ? -1 : 1),
    );
  }
}

/** The sums of several lists of pairs, each an index and bytes. */
export function sumLocations(lists: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const sums = new Map<number, number>();
  for (const pairs of lists) {
    for (let i = 0; i < pairs.length; i += 2) sums.set(pairs[i]!, (sums.get(pairs[i]!) ?? 0) + pairs[i + 1]!);
  }
  return Float64Array.from([...sums].flat());
}

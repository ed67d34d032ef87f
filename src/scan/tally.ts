import type { Target } from '../targets/target.ts';
import type { LocatedMatch } from './matches.ts';
import type { Pattern } from './pattern.ts';

/** What one pattern has found. */
export interface Count {
  readonly pattern: string;
  /** Number of matches. `bytes` is their total length in memory. */
  readonly hits: number;
  readonly strings: number;
  readonly bytes: number;
  /** Number of regions in which a match begins. */
  readonly regions: number;
}

interface Sum {
  hits: number;
  strings: number;
  bytes: number;
  readonly regions: Set<string>;
}

/** Counts matches by pattern. */
export class Tally {
  private readonly sums: ReadonlyMap<Pattern, Sum>;

  constructor(
    private readonly target: Target,
    patterns: readonly Pattern[],
  ) {
    this.sums = new Map(
      patterns.map((pattern) => [pattern, { hits: 0, strings: 0, bytes: 0, regions: new Set<string>() }]),
    );
  }

  /** Adds the matches of one string. */
  add(matches: readonly LocatedMatch[]): void {
    const seen = new Set<Pattern>();
    for (const { address, length, patterns } of matches) {
      const region = this.target.regionAt(address);
      for (const pattern of patterns) {
        const sum = this.sums.get(pattern)!;
        sum.hits++;
        sum.bytes += length;
        if (region) sum.regions.add(`${region.start} ${region.kind}`);
        seen.add(pattern);
      }
    }
    for (const pattern of seen) this.sums.get(pattern)!.strings++;
  }

  /** The counts in the order of the patterns. */
  counts(): Count[] {
    return [...this.sums].map(([{ name }, { regions, ...sum }]) => ({
      pattern: name,
      ...sum,
      regions: regions.size,
    }));
  }
}

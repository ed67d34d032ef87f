/** One timed run. */
export interface Sample {
  readonly seconds: number;
  /** The most memory the process had resident, in bytes. */
  readonly peak?: number | undefined;
}

/** What is timed beside others. */
export interface Contender {
  readonly what: string;
  readonly run: () => Promise<Sample>;
}

/** What the runs of one contender come to. */
export interface Timing {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly peak?: number | undefined;
}

/**
 * Times the contenders in turn, round after round: what disturbs the machine for a while disturbs all of them. A round
 * that is not counted comes first.
 */
export async function timeInRounds<C extends Contender>(
  contenders: readonly C[],
  rounds: number,
): Promise<(C & { readonly timing: Timing })[]> {
  const samples = contenders.map((): Sample[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { run }] of contenders.entries()) {
      const sample = await run();
      if (round > 0) samples[index]!.push(sample);
    }
  }
  return contenders.map((contender, index) => ({ ...contender, timing: timingOf(samples[index]!) }));
}

export function timingOf(samples: readonly Sample[]): Timing {
  const seconds = samples.map((sample) => sample.seconds).sort((a, b) => a - b);
  const peaks = samples.flatMap(({ peak }) => peak ?? []);
  return {
    median: medianOf(seconds),
    min: seconds[0]!,
    max: seconds.at(-1)!,
    ...(peaks.length > 0 && { peak: Math.max(...peaks) }),
  };
}

function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How many times as fast as another: by the medians, and by each one's best run. */
export interface Speedup {
  readonly median: number;
  readonly best: number;
}

export const speedup = (of: Timing, over: Timing): Speedup => ({
  median: over.median / of.median,
  best: over.min / of.min,
});

/** The time left without `seconds` of it: a command's own, past the start of Node. */
export function less({ median, min, max, peak }: Timing, seconds: number): Timing {
  const rest = (time: number): number => Math.max(time - seconds, 1e-3);
  return { median: rest(median), min: rest(min), max: rest(max), peak };
}

/** Both, one after the other. */
export function sumOf(a: Timing, b: Timing): Timing {
  return {
    median: a.median + b.median,
    min: a.min + b.min,
    max: a.max + b.max,
    peak: Math.max(a.peak ?? 0, b.peak ?? 0),
  };
}

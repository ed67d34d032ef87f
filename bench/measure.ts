/** One timed run. */
export interface Sample {
  readonly seconds: number;
  /** Peak resident memory of the process, in bytes. */
  readonly peak?: number | undefined;
}

/** One of several things to time in turn. */
export interface Contender {
  readonly what: string;
  readonly run: () => Promise<Sample>;
}

/** Summary of the runs of one contender. */
export interface Timing {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly peak?: number | undefined;
}

/**
 * Times the contenders in turn, round after round, so that a temporary disturbance affects all of them. An uncounted
 * round comes first.
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

/** How many times as fast as another contender: by medians, and by best runs. */
export interface Speedup {
  readonly median: number;
  readonly best: number;
}

export const speedup = (of: Timing, over: Timing): Speedup => ({
  median: over.median / of.median,
  best: over.min / of.min,
});

/** Subtracts `seconds`, for example the start of Node from the time of a command. */
export function less({ median, min, max, peak }: Timing, seconds: number): Timing {
  const rest = (time: number): number => Math.max(time - seconds, 1e-3);
  return { median: rest(median), min: rest(min), max: rest(max), peak };
}

/** The time for both, in sequence. */
export function sumOf(a: Timing, b: Timing): Timing {
  return {
    median: a.median + b.median,
    min: a.min + b.min,
    max: a.max + b.max,
    peak: Math.max(a.peak ?? 0, b.peak ?? 0),
  };
}

import { availableParallelism, cpus, loadavg, release } from 'node:os';

import type { Timing } from './measure.ts';

/** At a higher load the ratios mean little. */
const QUIET = 0.15;

/** Describes the machine. Call it before the first measurement, while the load comes only from others. */
export function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown CPU';
  const load = loadavg()[0]!.toFixed(2);
  return `${model}, ${availableParallelism()} CPUs, Linux ${release()}, Node ${process.version}; load before: ${load}`;
}

/** The spread of runs without memscan. */
export function noise({ median, min, max }: Timing): string {
  const [below, above] = [(median - min) / median, (max - median) / median];
  const text = `noise: the ceiling's runs lie from -${percent(below)} to +${percent(above)} of their median`;
  return Math.max(below, above) > QUIET ? `${text}: TOO NOISY, run it again on a quiet machine` : text;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

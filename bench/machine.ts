import { availableParallelism, cpus, loadavg, release } from 'node:os';

import type { Timing } from './measure.ts';

/** Above it, the ratios tell little. */
const QUIET = 0.15;

/** What the numbers hold for. To be asked before the first measurement: the load is that of others then. */
export function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown CPU';
  const load = loadavg()[0]!.toFixed(2);
  return `${model}, ${availableParallelism()} CPUs, Linux ${release()}, Node ${process.version}; load before: ${load}`;
}

/** How far runs of the same thing lie apart, where nothing of memscan is in play. */
export function noise({ median, min, max }: Timing): string {
  const [below, above] = [(median - min) / median, (max - median) / median];
  const text = `noise: the ceiling's runs lie from -${percent(below)} to +${percent(above)} of their median`;
  return Math.max(below, above) > QUIET ? `${text}: TOO NOISY, run it again on a quiet machine` : text;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

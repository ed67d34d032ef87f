import { statSync } from 'node:fs';

import Benchmark from 'benchmark';

import { countStrings, openTarget, type StringOptions, type Target } from '../src/index.ts';
import { addon } from '../src/native.ts';
import { CONDITIONS, countMeeting } from './conditions.ts';
import { COMMON_NEEDLE, RARE_NEEDLE } from './target.ts';

export interface KernelTask {
  readonly file: string;
  /** Each holds the common literal once. */
  readonly textPages: number;
  /** To spend on each case. */
  readonly seconds: number;
}

export interface KernelResult {
  readonly kernel: string;
  readonly what: string;
  readonly seconds: readonly number[];
}

interface Work {
  readonly what: string;
  readonly count: (kernel: string, target: Target) => Promise<number>;
  /** Default: what the scalar kernel counts. */
  readonly expected?: number;
}

const scans = (options: StringOptions) => (kernel: string, target: Target) => {
  process.env['MEMSCAN_KERNEL'] = kernel;
  return countStrings(target, { ...options, jobs: 1 });
};

const workOf = ({ file, textPages }: KernelTask): readonly Work[] => [
  { what: 'all strings', count: scans({}) },
  { what: 'all strings, ascii', count: scans({ encoding: 'ascii' }) },
  { what: 'rare literal', count: scans({ pattern: RARE_NEEDLE }) },
  { what: 'literal in every text page', count: scans({ pattern: COMMON_NEEDLE }), expected: textPages },
  ...CONDITIONS.map(({ what, condition }) => ({
    what,
    count: (kernel: string, target: Target) => countMeeting(condition, kernel, target, statSync(file).size),
  })),
];

/** Times every kernel of this CPU on the file, one job at a time. Throws where they do not count the same. */
export async function timeKernels(task: KernelTask): Promise<KernelResult[]> {
  const target = await openTarget(task.file);
  const results: KernelResult[] = [];
  for (const work of workOf(task)) {
    const expected = work.expected ?? (await work.count('scalar', target));
    for (const kernel of addon.kernels) {
      const count = (): Promise<number> => work.count(kernel, target);
      const samples = await timeCase(`${kernel}, ${work.what}`, count, expected, task.seconds);
      results.push({ kernel, what: work.what, seconds: samples });
    }
  }
  target.close();
  return results;
}

async function timeCase(
  what: string,
  count: () => Promise<number>,
  expected: number,
  maxTime: number,
): Promise<number[]> {
  const once = async (): Promise<void> => {
    const strings = await count();
    if (strings !== expected) throw new Error(`${what}: ${strings} strings, expected ${expected}`);
  };
  await once();
  let failure: unknown;
  const run = (deferred: Benchmark.Deferred): void => {
    const fail = (error: unknown): void => void (failure ??= error);
    void once()
      .catch(fail)
      .then(() => deferred.resolve());
  };
  const finished = await complete(new Benchmark(what, { defer: true, minSamples: 7, maxTime, fn: run }));
  // benchmark swallows what a case throws.
  const error = failure ?? finished.error;
  if (error) throw error;
  return finished.stats.sample;
}

const complete = (benchmark: Benchmark): Promise<Benchmark> =>
  new Promise((resolve) => benchmark.on('complete', () => resolve(benchmark)).run({ async: true }));

import Benchmark from 'benchmark';

import { openTarget, type StringOptions, type Target } from '../src/index.ts';
import { addon } from '../src/native/addon.ts';
import { countSought, SEARCHES, type Sought } from './searches.ts';

export interface KernelTask {
  readonly file: string;
  /** Number of text pages; each holds the common literal once. */
  readonly textPages: number;
  /** Time for each case, in seconds. */
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
  /** Expected count. Default: the count of the scalar kernel. */
  readonly expected?: number;
}

const counts =
  (sought: Sought, options: StringOptions = {}) =>
  (kernel: string, target: Target) => {
    process.env['MEMSCAN_KERNEL'] = kernel;
    return countSought(target, sought, { ...options, jobs: 1 });
  };

const workOf = ({ textPages }: KernelTask): readonly Work[] => [
  { what: 'all strings, ascii', count: counts({ pattern: undefined }, { encoding: 'ascii' }) },
  ...SEARCHES.map(({ what, sought, hits }) => ({
    what,
    count: counts(sought),
    ...(hits === 'in every text page' && { expected: textPages }),
  })),
];

/** Times every kernel of this CPU on the file, one job at a time. Throws if their counts differ. */
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
    const found = await count();
    if (found !== expected) throw new Error(`${what}: ${found}, expected ${expected}`);
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
  // benchmark swallows errors that a case throws.
  const error = failure ?? finished.error;
  if (error) throw error;
  return finished.stats.sample;
}

const complete = (benchmark: Benchmark): Promise<Benchmark> =>
  new Promise((resolve) => benchmark.on('complete', () => resolve(benchmark)).run({ async: true }));

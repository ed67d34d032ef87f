import Benchmark from 'benchmark';

import { countStrings, openTarget, type StringOptions, type Target } from '../src/index.ts';
import { addon } from '../src/native.ts';
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

interface Case {
  readonly kernel: string;
  readonly what: string;
  readonly options: StringOptions;
  readonly expected: number;
}

interface Work {
  readonly what: string;
  readonly options: StringOptions;
  /** Default: what the scalar kernel counts. */
  readonly expected?: number;
}

const workOf = (textPages: number): readonly Work[] => [
  { what: 'all strings', options: {} },
  { what: 'all strings, ascii', options: { encoding: 'ascii' } },
  { what: 'rare literal', options: { pattern: RARE_NEEDLE } },
  { what: 'literal in every text page', options: { pattern: COMMON_NEEDLE }, expected: textPages },
];

/** Times every kernel of this CPU on the file, one job at a time. Throws where they do not count the same. */
export async function timeKernels({ file, textPages, seconds }: KernelTask): Promise<KernelResult[]> {
  const target = await openTarget(file);
  const results: KernelResult[] = [];
  for (const { what, options, expected = await countWith('scalar', target, options) } of workOf(textPages)) {
    for (const kernel of addon.kernels) {
      const samples = await timeCase(target, { kernel, what, options, expected }, seconds);
      results.push({ kernel, what, seconds: samples });
    }
  }
  target.close();
  return results;
}

function countWith(kernel: string, target: Target, options: StringOptions): Promise<number> {
  process.env['MEMSCAN_KERNEL'] = kernel;
  return countStrings(target, { ...options, jobs: 1 });
}

async function timeCase(
  target: Target,
  { kernel, what, options, expected }: Case,
  maxTime: number,
): Promise<number[]> {
  const once = async (): Promise<void> => {
    const strings = await countWith(kernel, target, options);
    if (strings !== expected) throw new Error(`${kernel}, ${what}: ${strings} strings, expected ${expected}`);
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

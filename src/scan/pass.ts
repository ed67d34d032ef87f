import { wholeNumber } from '../base/options.ts';
import type { Coverage } from '../memory/coverage.ts';
import type { Range } from '../memory/ranges.ts';
import { selectionOf, type SelectionOptions } from '../memory/selection.ts';
import type { RegionLabels } from '../native/lines.ts';
import type { NativeScan } from '../native/strings.ts';
import type { Target } from '../targets/target.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import { type JobResult, runJobs } from './jobs.ts';
import { type Bounds, Pace } from './pace.ts';
import { accountRead, readError } from './reading.ts';

/** Where to search, and by what means. */
export interface PassOptions extends SelectionOptions, Bounds {
  /**
   * Jobs in flight; default two for each CPU this process may use, or that the bounds leave something to do: while one's
   * result is taken, the other runs.
   */
  readonly jobs?: number;
  /**
   * Bytes read at a time, at most, from 1 byte to 16 MiB; default 1 MiB, less where strings are short. The result does
   * not depend on it.
   */
  readonly chunkSize?: number;
  /** Stops the scan: its iteration throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What one chunk held, as a job tells it. */
export interface PassResult extends JobResult {
  /** errno, where the status is `failed`. */
  readonly error: number;
  readonly bytesRead: number;
  readonly bytesUnreadable: number;
}

/** What looks at the memory in a pass: the addon's. */
export interface Searcher<Result extends PassResult> {
  run(...job: Parameters<NativeScan['run']>): Promise<Result[]>;
  cancel(): void;
}

export interface Pass<Result extends PassResult> {
  readonly searcher: Searcher<Result>;
  /** Bytes read at a time, where the options do not say. */
  readonly chunkSize: number;
  /** Bytes beyond a chunk's edges that are to be known; default what a character of text needs. */
  readonly margin?: number | undefined;
  /** Found in one chunk at most. */
  readonly limit: number;
  /** For lines: the labels of the regions that hold `ranges`. */
  readonly labels?: ((ranges: readonly Range[]) => RegionLabels) | undefined;
}

const MIB = 1 << 20;

/** Less than the longest text: so a string that is longer spans chunks, and is cut the same whatever their size. */
const LARGEST_CHUNK = 16 * MIB;

/**
 * Goes over the selected memory of a target once; yields what jobs brought, chunk by chunk in the order of addresses,
 * and accounts for it in `coverage`. What was found before an error is yielded before it is thrown.
 */
export async function* passOver<Result extends PassResult>(
  target: Target,
  options: PassOptions,
  pass: Pass<Result>,
  coverage: Coverage,
): AsyncGenerator<readonly Result[]> {
  const pace = new Pace(options);
  const selection = selectionOf(options);
  const { searcher, margin } = pass;
  const { jobs = pace.jobs, chunkSize = pass.chunkSize, signal } = options;
  const concurrency = wholeNumber('jobs', jobs, 1, 1024);
  wholeNumber('chunkSize', chunkSize, 1, LARGEST_CHUNK);
  signal?.throwIfAborted();
  const cancel = (): void => searcher.cancel();
  signal?.addEventListener('abort', cancel);
  const spans = target.spans(selection, coverage);
  const chunks = chunksOf(spans, chunkSize, margin);
  const run = (group: readonly Chunk[]): Promise<Result[]> => runJob(target, group, pass);
  try {
    for await (const results of runJobs(chunks, run, { concurrency, pace, signal }, cancel)) {
      signal?.throwIfAborted();
      const failed = results.find(({ status }) => status !== 'ok');
      const read = results.filter((result) => result !== failed);
      for (const result of read) accountRead(coverage, result);
      yield read;
      if (failed) throw readError(target, failed);
    }
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function runJob<Result extends PassResult>(
  target: Target,
  chunks: readonly Chunk[],
  { searcher, limit, labels }: Pass<Result>,
): Promise<Result[]> {
  const ranges = chunks.flatMap((chunk) => chunk.ranges);
  const shape = chunks.flatMap(({ ranges, before, after }) => [ranges.length, before, after]);
  return searcher.run(
    target.source,
    BigUint64Array.from(ranges.flatMap(({ start, end }) => [start, end])),
    Uint32Array.from(shape),
    Math.min(limit, Number.MAX_SAFE_INTEGER),
    labels?.(ranges),
  );
}

import { wholeNumber } from '../base/option-checks.ts';
import type { Coverage } from '../memory/coverage.ts';
import type { Range } from '../memory/ranges.ts';
import { selectionOf, type SelectionOptions } from '../memory/selection.ts';
import type { RegionLabels, RegionLocations } from '../native/lines.ts';
import type { NativeScan } from '../native/strings.ts';
import type { Target } from '../targets/target.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import { type JobResult, runJobs } from './jobs.ts';
import { type Bounds, Pace } from './pace.ts';
import { accountRead, readError } from './reading.ts';

/** Which memory to read, and with what resources. */
export interface PassOptions extends SelectionOptions, Bounds {
  /**
   * Number of jobs in flight. Default two for each CPU that the process and the bounds allow: one runs while JavaScript
   * takes the result of the other.
   */
  readonly jobs?: number;
  /**
   * Maximum bytes in one read, from 1 byte to 16 MiB. Default 1 MiB; less if `min` is small. The result does not depend
   * on it.
   */
  readonly chunkSize?: number;
  /** Aborting stops the scan: its iteration throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a job returns for one chunk. */
export interface PassResult extends JobResult {
  /** errno, if the status is `failed`. */
  readonly error: number;
  readonly bytesRead: number;
  readonly bytesUnreadable: number;
}

/** A native scan: reads chunks and searches them. */
export interface Searcher<Result extends PassResult> {
  run(...job: Parameters<NativeScan['run']>): Promise<Result[]>;
  cancel(): void;
}

export interface Pass<Result extends PassResult> {
  readonly searcher: Searcher<Result>;
  /** Default chunk size, in bytes. */
  readonly chunkSize: number;
  /** Bytes beyond its edges that a chunk must know. Default enough for one character of text. */
  readonly margin?: number | undefined;
  /** Maximum number of finds in each chunk; Infinity for all. */
  readonly limit: number;
  /** Returns what results report of the regions that hold `ranges`: labels in lines, locations in families. */
  readonly labels?: ((ranges: readonly Range[]) => RegionLabels | RegionLocations) | undefined;
}

const MIB = 1 << 20;

/**
 * Shorter than the longest text: a longer string always spans chunks, so it is cut in the same way for every chunk
 * size.
 */
const LARGEST_CHUNK = 16 * MIB;

/**
 * Reads the selected memory of a target once. Yields the results of each job, chunk by chunk in order of addresses, and
 * accounts for the bytes in `coverage`. Yields everything found before an error, then throws the error.
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

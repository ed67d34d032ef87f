import { MemscanError } from '../base/errors.ts';
import { listOf, wholeNumber } from '../base/options.ts';
import type { Coverage } from '../memory/coverage.ts';
import { isRange, type Range, rangeText } from '../memory/ranges.ts';
import { type RegionKind, regionKind } from '../memory/region.ts';
import type { RegionLabels } from '../native/lines.ts';
import type { NativeScan } from '../native/strings.ts';
import type { Target } from '../targets/target.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import { type JobResult, runJobs } from './jobs.ts';
import { type Bounds, Pace } from './pace.ts';
import { accountRead, readError } from './reading.ts';

/** Where to look, and by what means. */
export interface PassOptions extends Bounds {
  /** Only addresses (of a file: offsets) in these: strings are cut at their ends, hits lie whole in them. */
  readonly ranges?: readonly Range[];
  /** File-backed pages too; default the process's own memory: anonymous and shared. */
  readonly all?: boolean;
  /** Only regions of these kinds; `file` means file-backed pages, whatever `all` says. */
  readonly only?: readonly RegionKind[] | undefined;
  /** All but regions of these kinds. */
  readonly skip?: readonly RegionKind[] | undefined;
  /** Only regions with at least so many bytes in memory. */
  readonly larger?: number | undefined;
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
  checkPass(options);
  const concurrency = wholeNumber('jobs', options.jobs ?? pace.jobs, 1, 1024);
  const { searcher, margin } = pass;
  const { all = false, ranges = [], only, skip, larger, signal } = options;
  signal?.throwIfAborted();
  const cancel = (): void => searcher.cancel();
  signal?.addEventListener('abort', cancel);
  const spans = target.spans({ all, ranges, only, skip, larger }, coverage);
  const chunks = chunksOf(spans, options.chunkSize ?? pass.chunkSize, margin);
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

/** Throws BAD_OPTION. */
export function checkPass({ ranges = [], only = [], skip = [], larger = 0, chunkSize }: PassOptions): void {
  listOf('ranges', ranges).forEach(checkRange);
  for (const kind of [...listOf('only', only), ...listOf('skip', skip)]) regionKind(kind);
  wholeNumber('larger', larger, 0, Number.MAX_SAFE_INTEGER);
  if (chunkSize !== undefined) wholeNumber('chunkSize', chunkSize, 1, LARGEST_CHUNK);
}

function checkRange(range: Range): void {
  if (isRange(range)) return;
  throw new MemscanError(
    'BAD_OPTION',
    `bad range: ${rangeText(range)}`,
    'give its start and its end as bigints, the start not above the end',
  );
}

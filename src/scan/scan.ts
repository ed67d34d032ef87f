import { availableParallelism } from 'node:os';

import { MemscanError } from '../errors.ts';
import {
  addon,
  chooseKernel,
  type Encoding,
  type ChunkContent,
  type ChunkResult,
  type LineWriter,
  type NativeScan,
  type Records,
  type RegionLabels,
} from '../native.ts';
import { type Coverage, noCoverage, type RegionKind, type Target } from '../target/target.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import { runJobs } from './jobs.ts';
import { conditionFor, type Pattern } from './pattern.ts';
import { Stitcher, type StitchedString } from './stitch.ts';
import type { Range } from '../target/ranges.ts';
import { accountRead, readError } from './reading.ts';

/** What to look for, and where. */
export interface ScanOptions {
  /** Shortest string, in characters; default 10, at least 1. */
  readonly min?: number;
  /** Default `utf8`, which has ASCII in it. */
  readonly encoding?: Encoding;
  /** Only addresses (of a file: offsets) in these; strings are cut at their ends. */
  readonly ranges?: readonly Range[];
  /** File-backed pages too; default the process's own memory: anonymous and shared. */
  readonly all?: boolean;
  /** Only regions of these kinds; `file` means file-backed pages, whatever `all` says. */
  readonly only?: readonly RegionKind[] | undefined;
  /** All but regions of these kinds. */
  readonly skip?: readonly RegionKind[] | undefined;
  /** Only regions with at least so many bytes in memory. */
  readonly larger?: number | undefined;
  /** Jobs in flight; default two for each CPU this process may use: while one's result is taken, the other runs. */
  readonly jobs?: number;
  /**
   * Bytes read at a time, at most, from 1 byte to 16 MiB; default 1 MiB, less where strings are short. The result does
   * not depend on it.
   */
  readonly chunkSize?: number;
  /** Stops the scan: its iteration throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How far a scan has come, and at last what it did. Bytes. */
export interface ScanStats {
  readonly coverage: Coverage;
  /** Wanted strings so far. */
  strings: number;
}

export const newStats = (): ScanStats => ({ coverage: noCoverage(), strings: 0 });

/** What is done with the strings found in chunks. */
export interface Request {
  readonly output: 'count' | 'records' | 'lines' | 'content';
  readonly pattern?: Pattern | undefined;
  /** For `lines`. */
  readonly lines?: LineWriter | undefined;
  /** For `lines` and `content`: the labels of the regions that hold `ranges`. */
  readonly labels?: ((ranges: readonly Range[]) => RegionLabels) | undefined;
  /** For `content`: [start, end) pairs of what pointers may point to. */
  readonly pointers?: BigUint64Array<ArrayBuffer> | undefined;
  /** For `lines`: bytes of a line beside its text, at most. */
  readonly lineOverhead?: number;
  /** Bytes of text kept of a string that spans chunks, where no pattern needs more. */
  readonly keep: number;
  /** Strings wanted at most; Infinity = all. Only a literal pattern or none may be limited: jobs count by themselves. */
  readonly limit: number;
}

/** What one chunk brought. */
export interface Batch {
  /** A string that ends in this chunk and began in an earlier one. */
  readonly stitched?: StitchedString | undefined;
  /** Strings inside the chunk. */
  readonly strings: number;
  readonly lines?: Buffer | undefined;
  readonly records?: Records | undefined;
  readonly content?: ChunkContent | undefined;
}

const MIB = 1 << 20;

/** Less than the longest text: so a string that is longer spans chunks, and is cut the same whatever their size. */
const LARGEST_CHUNK = 16 * MIB;

/** A pattern looks at so many bytes of one string at a time. */
export const LONGEST_TEXT = 32 * MIB;
const WINDOW_OVERLAP = MIB;

/**
 * Scans the target; yields what a job brought, chunk by chunk in the order of addresses. Takes care of order, of strings
 * that lie across chunks and of accounting. The strings of regular expressions, those that meet their condition, are the
 * caller's to test; but for those in `stitched`, which are tested whether they meet it or not.
 */
export async function* scanChunks(
  target: Target,
  options: ScanOptions,
  request: Request,
  stats: ScanStats,
): AsyncGenerator<readonly Batch[]> {
  checkPlaces(options);
  const min = wholeNumber('min', options.min ?? 10, 1, 2 ** 31 - 1);
  const jobs = wholeNumber('jobs', options.jobs ?? 2 * availableParallelism(), 1, 1024);
  if (options.chunkSize !== undefined) wholeNumber('chunkSize', options.chunkSize, 1, LARGEST_CHUNK);
  const scan = new addon.Scan({
    kernel: chooseKernel(),
    encoding: options.encoding ?? 'utf8',
    minLength: min,
    condition: conditionFor(request.pattern),
    output: request.output,
    lines: request.lines,
    pointers: request.pointers,
  });
  const stitcher = new Stitcher({
    minLength: min,
    keep: request.pattern ? LONGEST_TEXT : request.keep,
    overlap: WINDOW_OVERLAP,
    wants: testOf(request.pattern),
  });
  options.signal?.throwIfAborted();
  const stop = cancelOnAbort(scan, options.signal);
  const { all = false, ranges = [], only, skip, larger } = options;
  const selection = { all, ranges, only, skip, larger };
  const chunks = chunksOf(
    target.spans(selection, stats.coverage),
    options.chunkSize ?? chunkSizeFor(request, min),
  );
  const run = (group: readonly Chunk[]): Promise<ChunkResult[]> => runJob(scan, target, group, request);
  const take = (result: ChunkResult): Batch => {
    accountRead(stats.coverage, result);
    const { strings, lines, records, content } = result;
    return { stitched: stitcher.push(result), strings, lines, records, content };
  };
  try {
    for await (const results of runJobs(chunks, run, jobs, () => scan.cancel())) {
      options.signal?.throwIfAborted();
      const failed = results.find(({ status }) => status !== 'ok');
      yield results.filter((result) => result !== failed).map(take);
      if (failed) throw readError(target, failed);
    }
    options.signal?.throwIfAborted();
    yield [{ stitched: stitcher.finish(), strings: 0 }];
  } catch (error) {
    // What was found until then stands.
    if (!options.signal?.aborted) yield [{ stitched: stitcher.finish(), strings: 0 }];
    throw error;
  } finally {
    stop();
  }
}

/** Content is summed up by stretches of so many bytes (native/content/granule.h): chunks that are such need no other. */
const GRANULE = 4 * MIB;

/** Bytes that come back of one chunk, about, at most. */
const MOST_OUTPUT = 8 * MIB;

// A chunk is what the CPU's cache holds beside others. But where every string comes back, what comes back of short ones
// is many times the chunk, and what is told of a region with each is the target's choice.
function chunkSizeFor({ output, lineOverhead = 0 }: Request, min: number): number {
  if (output === 'count') return MIB;
  if (output === 'content') return GRANULE;
  const most = Math.floor((MOST_OUTPUT * (min + 1)) / (min + 1 + Math.max(lineOverhead, 16)));
  return Math.min(MIB, Math.max(4096, most));
}

function runJob(
  scan: NativeScan,
  target: Target,
  chunks: readonly Chunk[],
  request: Request,
): Promise<ChunkResult[]> {
  const ranges = chunks.flatMap((chunk) => chunk.ranges);
  const shape = chunks.flatMap(({ ranges, before, after }) => [ranges.length, before, after]);
  return scan.run(
    target.source,
    BigUint64Array.from(ranges.flatMap(({ start, end }) => [start, end])),
    Uint32Array.from(shape),
    Math.min(request.limit, Number.MAX_SAFE_INTEGER),
    request.labels?.(ranges),
  );
}

// Without a pattern every string is wanted.
function testOf(pattern: Pattern | undefined): (text: Buffer) => boolean {
  if (!pattern) return () => true;
  if (pattern.kind === 'literal') return (text) => text.includes(pattern.needle);
  return (text) => pattern.regexp.test(text.toString());
}

function cancelOnAbort(scan: NativeScan, signal: AbortSignal | undefined): () => void {
  const cancel = (): void => scan.cancel();
  signal?.addEventListener('abort', cancel);
  return () => signal?.removeEventListener('abort', cancel);
}

/** Throws BAD_OPTION. */
function checkPlaces({ encoding = 'utf8', ranges = [] }: ScanOptions): void {
  if (encoding !== 'utf8' && encoding !== 'ascii') {
    throw new MemscanError('BAD_OPTION', `unknown encoding: ${String(encoding)}`, 'one of: ascii, utf8');
  }
  const wrong = ranges.find(({ start, end }) => start < 0n || start > end || end > 2n ** 64n - 1n);
  if (wrong) {
    throw new MemscanError(
      'BAD_OPTION',
      `bad range: ${wrong.start} to ${wrong.end}`,
      'its start must not be above its end',
    );
  }
}

/** Checks a numeric option. Throws BAD_OPTION. */
function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new MemscanError(
    'BAD_OPTION',
    `bad ${name}: ${value}`,
    `give a whole number from ${least} to ${most}`,
  );
}

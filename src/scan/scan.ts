import { availableParallelism } from 'node:os';

import { MemscanError } from '../errors.ts';
import {
  addon,
  chooseKernel,
  type ChunkResult,
  type Encoding,
  ENCODINGS,
  type LineWriter,
  type NativeScan,
  type Records,
  type RegionLabels,
} from '../native.ts';
import { type Coverage, noCoverage, type RegionKind, type Target } from '../target/target.ts';
import { type Chunk, chunksOf } from './chunks.ts';
import { encodingsOf } from './encodings.ts';
import { runJobs } from './jobs.ts';
import { type Joined, Joiner } from './joiner.ts';
import { conditionFor, type Pattern } from './pattern.ts';
import { Stitcher, type StitchedString } from './stitch.ts';
import type { Range } from '../target/ranges.ts';
import { accountRead, readError } from './reading.ts';

/** What to look for, and where. */
export interface ScanOptions {
  /** Shortest string, in characters; default 10, at least 1. */
  readonly min?: number;
  /**
   * One or several; default `utf8`, which has ASCII in it. A string is reported once, in the encoding for which its
   * characters say the most. In other encodings than ASCII and UTF-8 nearly any bytes are characters: a string with more
   * than ASCII in it must be likely enough. See `--encoding` in README.md.
   */
  readonly encoding?: Encoding | readonly Encoding[];
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
  readonly output: 'count' | 'records' | 'lines';
  readonly pattern?: Pattern | undefined;
  /** For `lines`. */
  readonly lines?: LineWriter | undefined;
  /** For `lines`: the labels of the regions that hold `ranges`. */
  readonly labels?: ((ranges: readonly Range[]) => RegionLabels) | undefined;
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
  const encodings = encodingsOf(options.encoding);
  const jobs = wholeNumber('jobs', options.jobs ?? 2 * availableParallelism(), 1, 1024);
  if (options.chunkSize !== undefined) wholeNumber('chunkSize', options.chunkSize, 1, LARGEST_CHUNK);
  const scan = new addon.Scan({
    kernel: chooseKernel(),
    encodings: encodings.map((name) => ENCODINGS.indexOf(name)),
    minLength: min,
    condition: conditionFor(request.pattern),
    output: request.output,
    lines: request.lines,
  });
  const edges = edgesOf(scan, encodings, min, request);
  options.signal?.throwIfAborted();
  const stop = cancelOnAbort(scan, options.signal);
  const { all = false, ranges = [], only, skip, larger } = options;
  const selection = { all, ranges, only, skip, larger };
  const chunks = chunksOf(
    target.spans(selection, stats.coverage),
    options.chunkSize ?? chunkSizeFor(request, min),
  );
  const run = (group: readonly Chunk[]): Promise<ChunkResult[]> => runJob(scan, target, group, request);
  const take = (result: ChunkResult): Batch[] => {
    accountRead(stats.coverage, result);
    const { strings, lines, records } = result;
    return [...edges.push(result), { strings, lines, records }];
  };
  try {
    for await (const results of runJobs(chunks, run, jobs, () => scan.cancel())) {
      options.signal?.throwIfAborted();
      const failed = results.find(({ status }) => status !== 'ok');
      yield results.filter((result) => result !== failed).flatMap(take);
      if (failed) throw readError(target, failed);
    }
    options.signal?.throwIfAborted();
    yield edges.finish();
  } catch (error) {
    // What was found until then stands.
    if (!options.signal?.aborted) yield edges.finish();
    throw error;
  } finally {
    stop();
  }
}

/** What lies across chunks' edges. */
interface Edges {
  /** What ends in this chunk. */
  push(result: ChunkResult): readonly Batch[];
  /** What is still open. */
  finish(): readonly Batch[];
}

function edgesOf(
  scan: NativeScan,
  encodings: readonly Encoding[],
  minLength: number,
  request: Request,
): Edges {
  const isPlain = encodings.length === 1 && (encodings[0] === 'ascii' || encodings[0] === 'utf8');
  if (!isPlain) {
    return new Joiner(LONGEST_TEXT, (bytes, address, goesOn) =>
      runJoined(scan, bytes, address, goesOn, request),
    );
  }
  const stitcher = new Stitcher({
    minLength,
    keep: request.pattern ? LONGEST_TEXT : request.keep,
    overlap: WINDOW_OVERLAP,
    wants: testOf(request.pattern),
  });
  const batches = (stitched: StitchedString | undefined): Batch[] =>
    stitched ? [{ stitched, strings: 0 }] : [];
  return {
    push: (result) => batches(stitcher.push(result)),
    finish: () => batches(stitcher.finish()),
  };
}

/** Bytes that come back of one chunk, about, at most. */
const MOST_OUTPUT = 8 * MIB;

// A chunk is what the CPU's cache holds beside others. But where every string comes back, what comes back of short ones
// is many times the chunk, and what is told of a region with each is the target's choice.
function chunkSizeFor({ output, lineOverhead = 0 }: Request, min: number): number {
  if (output === 'count') return MIB;
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

function runJoined(
  scan: NativeScan,
  bytes: Buffer,
  address: bigint,
  goesOn: boolean,
  request: Request,
): Joined {
  const range = { start: address, end: address + BigInt(bytes.length) };
  const limit = Math.min(request.limit, Number.MAX_SAFE_INTEGER);
  return scan.runJoined(bytes, address, goesOn, limit, request.labels?.([range]));
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
function checkPlaces({ ranges = [] }: ScanOptions): void {
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

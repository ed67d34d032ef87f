import { DEFAULT_MIN } from '../base/defaults.ts';
import { type Encoding, ENCODINGS, isPlain } from '../base/encodings.ts';
import { wholeNumber } from '../base/option-checks.ts';
import { type Coverage, noCoverage } from '../memory/coverage.ts';
import type { Range } from '../memory/ranges.ts';
import { addon } from '../native/addon.ts';
import { GRANULE_BYTES, LONGEST_JOINED } from '../native/constants.ts';
import { chooseKernel } from '../native/kernels.ts';
import type { LineWriter, RegionLabels, RegionLocations } from '../native/lines.ts';
import type { Records } from '../native/records.ts';
import type { ChunkContent, ChunkResult, NativeScan } from '../native/strings.ts';
import { loadTables } from '../native/tables.ts';
import type { Target } from '../targets/target.ts';
import { encodingsOf } from './encodings.ts';
import { type Joined, Joiner } from './join-memory.ts';
import { type StitchedString, Stitcher, type StitchOptions } from './join-texts.ts';
import { type PassOptions, passOver } from './pass.ts';
import type { Patterns } from './patterns.ts';

/** Which strings to find, and in which memory. */
export interface ScanOptions extends PassOptions {
  /** Shortest string, in characters: at least 1, default 10. */
  readonly min?: number;
  /**
   * One or more encodings. Default `utf8`, which includes ASCII. A string is reported once, in the encoding in which
   * its characters are most plausible. In encodings other than ASCII and UTF-8 nearly any bytes are characters, so a
   * string with characters beyond ASCII must be plausible enough. See docs/concepts.md.
   */
  readonly encoding?: Encoding | readonly Encoding[];
}

/** Progress of a scan; complete at its end. In bytes, except `strings`. */
export interface ScanStats {
  readonly coverage: Coverage;
  /** Wanted strings so far. */
  strings: number;
}

export const newStats = (): ScanStats => ({ coverage: noCoverage(), strings: 0 });

/** Resets the statistics for another scan. */
export function resetStats(stats: ScanStats): void {
  Object.assign(stats.coverage, noCoverage());
  stats.strings = 0;
}

/** What to return of the strings found. */
export interface Request {
  readonly output: 'count' | 'records' | 'lines' | 'content';
  readonly patterns?: Patterns | undefined;
  /** For `lines`. */
  readonly lines?: LineWriter | undefined;
  /** For `lines` returns the labels of the regions that hold `ranges`, for `content` their locations. */
  readonly labels?: ((ranges: readonly Range[]) => RegionLabels | RegionLocations) | undefined;
  /** For `content`: [start, end) pairs that a pointer may point into. */
  readonly pointers?: BigUint64Array<ArrayBuffer> | undefined;
  /** For `lines`: maximum bytes in a line besides its text. */
  readonly lineOverhead?: number;
  /** Bytes of text to keep of a string that spans chunks, unless a pattern needs more. */
  readonly keep: number;
  /**
   * Maximum number of wanted strings; Infinity for all. Use it only if no string is left to test: each job counts for
   * itself.
   */
  readonly limit: number;
}

/** What one chunk brought. */
export interface Batch {
  /** A string that began in an earlier chunk and ends in this one. */
  readonly stitched?: StitchedString | undefined;
  /** Number of strings inside the chunk. */
  readonly strings: number;
  readonly lines?: Buffer | undefined;
  readonly records?: Records | undefined;
  readonly content?: ChunkContent | undefined;
}

const MIB = 1 << 20;

/** Patterns test a longer string in windows of this many bytes. */
export const LONGEST_TEXT = 32 * MIB;
const WINDOW_OVERLAP = MIB;

/**
 * Scans the target. Yields the results of each job, chunk by chunk in order of addresses. Handles order, strings that
 * span chunks, and accounting.
 * If the patterns' conditions are not exact, `strings` and `records` hold the strings that meet the conditions, and the
 * caller must test them. Strings in `stitched` are already tested.
 */
export async function* scanChunks(
  target: Target,
  options: ScanOptions,
  request: Request,
  stats: ScanStats,
): AsyncGenerator<readonly Batch[]> {
  const min = wholeNumber('min', options.min ?? DEFAULT_MIN, 1, 2 ** 31 - 1);
  const encodings = encodingsOf(options.encoding);
  const scan = nativeScan(encodings, min, request);
  const edges = edgesOf(scan, encodings, min, request);
  const { limit, labels } = request;
  const pass = { searcher: scan, chunkSize: chunkSizeFor(request, min), limit, labels };
  const take = (result: ChunkResult): Batch[] => {
    const { strings, lines, records, content } = result;
    return [...edges.push(result), { strings, lines, records, content }];
  };
  try {
    for await (const results of passOver(target, options, pass, stats.coverage)) yield results.flatMap(take);
    yield edges.finish();
  } catch (error) {
    // Report what was found before the error.
    if (!options.signal?.aborted) yield edges.finish();
    throw error;
  }
}

function nativeScan(
  encodings: readonly Encoding[],
  minLength: number,
  { patterns, output, lines, pointers }: Request,
): NativeScan {
  if (!isOnePlain(encodings)) loadTables();
  return new addon.Scan({
    kernel: chooseKernel(),
    encodings: encodings.map((name) => ENCODINGS.indexOf(name)),
    minLength,
    conditions: patterns?.conditions ?? [],
    unmet: patterns?.mode === 'none' && patterns.isExact,
    output,
    lines,
    pointers,
  });
}

const isOnePlain = ([first, ...others]: readonly Encoding[]): boolean =>
  others.length === 0 && isPlain(first!);

/** Joins strings across the edges of chunks. */
interface Edges {
  /** Returns the strings that end in this chunk. */
  push(result: ChunkResult): readonly Batch[];
  /** Returns the strings that are still open. */
  finish(): readonly Batch[];
}

function edgesOf(
  scan: NativeScan,
  encodings: readonly Encoding[],
  minLength: number,
  request: Request,
): Edges {
  if (!isOnePlain(encodings)) {
    return new Joiner(LONGEST_JOINED, (bytes, address, goesOn) =>
      runJoined(scan, bytes, address, goesOn, request),
    );
  }
  const stitcher = new Stitcher({
    minLength,
    keep: request.patterns ? LONGEST_TEXT : request.keep,
    overlap: WINDOW_OVERLAP,
    wants: testOf(request.patterns, scan),
  });
  const batches = (stitched: StitchedString | undefined): Batch[] =>
    stitched ? [{ stitched, strings: 0 }] : [];
  return {
    push: (result) => batches(stitcher.push(result)),
    finish: () => batches(stitcher.finish()),
  };
}
/** Output of one chunk that a job should bring at most, in bytes. */
const MOST_OUTPUT = 8 * MIB;

// A chunk should fit a CPU's cache. But where every string comes back, the output of short strings is many times as
// large as the chunk, and the target controls the size of the region label that comes with each.
function chunkSizeFor({ output, lineOverhead = 0 }: Request, min: number): number {
  if (output === 'count') return MIB;
  if (output === 'content') return GRANULE_BYTES;
  const most = Math.floor((MOST_OUTPUT * (min + 1)) / (min + 1 + Math.max(lineOverhead, 16)));
  return Math.min(MIB, Math.max(4096, most));
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
function testOf(patterns: Patterns | undefined, scan: NativeScan): StitchOptions['wants'] {
  if (!patterns) return () => true;
  const test = patterns.windowTest((text) => scan.meets(text));
  return (text, address, isLast) => test(address, text, isLast);
}

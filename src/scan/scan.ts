import { type Encoding, ENCODINGS, isPlain } from '../base/encodings.ts';
import { wholeNumber } from '../base/options.ts';
import { type Coverage, noCoverage } from '../memory/coverage.ts';
import type { Range } from '../memory/ranges.ts';
import { addon } from '../native/addon.ts';
import { GRANULE_BYTES, LONGEST_JOINED } from '../native/constants.ts';
import { chooseKernel } from '../native/kernels.ts';
import type { LineWriter, RegionLabels } from '../native/lines.ts';
import type { Records } from '../native/records.ts';
import type { ChunkContent, ChunkResult, NativeScan } from '../native/strings.ts';
import { loadTables } from '../native/tables.ts';
import type { Target } from '../targets/target.ts';
import { encodingsOf } from './encodings.ts';
import { type Joined, Joiner } from './joiner.ts';
import { type PassOptions, passOver } from './pass.ts';
import type { Patterns } from './patterns.ts';
import { type StitchedString, Stitcher, type StitchOptions } from './stitch.ts';

/** What to look for, and where. */
export interface ScanOptions extends PassOptions {
  /** Shortest string, in characters; default 10, at least 1. */
  readonly min?: number;
  /**
   * One or several; default `utf8`, which has ASCII in it. A string is reported once, in the encoding for which its
   * characters say the most. In other encodings than ASCII and UTF-8 nearly any bytes are characters: a string with more
   * than ASCII in it must be likely enough. See `--encoding` in README.md.
   */
  readonly encoding?: Encoding | readonly Encoding[];
}

/** How far a scan has come, and at last what it did. Bytes. */
export interface ScanStats {
  readonly coverage: Coverage;
  /** Wanted strings so far. */
  strings: number;
}

export const newStats = (): ScanStats => ({ coverage: noCoverage(), strings: 0 });

/** As new ones: of another scan. */
export function resetStats(stats: ScanStats): void {
  Object.assign(stats.coverage, noCoverage());
  stats.strings = 0;
}

/** What is done with the strings found in chunks. */
export interface Request {
  readonly output: 'count' | 'records' | 'lines' | 'content';
  readonly patterns?: Patterns | undefined;
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
  /** Strings wanted at most; Infinity = all. Only where nothing is left to test it may be: jobs count by themselves. */
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

/** A pattern looks at so many bytes of one string at a time. */
export const LONGEST_TEXT = 32 * MIB;
const WINDOW_OVERLAP = MIB;

/**
 * Scans the target; yields what a job brought, chunk by chunk in the order of addresses. Takes care of order, of strings
 * that lie across chunks and of accounting. The strings of patterns, those that meet their conditions, are the
 * caller's to test where the conditions are not exact; but for those in `stitched`, which have been tested.
 */
export async function* scanChunks(
  target: Target,
  options: ScanOptions,
  request: Request,
  stats: ScanStats,
): AsyncGenerator<readonly Batch[]> {
  const min = wholeNumber('min', options.min ?? 10, 1, 2 ** 31 - 1);
  const encodings = encodingsOf(options.encoding);
  if (!isOnePlain(encodings)) loadTables();
  const scan = new addon.Scan({
    kernel: chooseKernel(),
    encodings: encodings.map((name) => ENCODINGS.indexOf(name)),
    minLength: min,
    conditions: request.patterns?.conditions ?? [],
    unmet: request.patterns?.mode === 'none' && request.patterns.isExact,
    output: request.output,
    lines: request.lines,
    pointers: request.pointers,
  });
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
    // What was found until then stands.
    if (!options.signal?.aborted) yield edges.finish();
    throw error;
  }
}

const isOnePlain = ([first, ...others]: readonly Encoding[]): boolean =>
  others.length === 0 && isPlain(first!);

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
/** Bytes that come back of one chunk, about, at most. */
const MOST_OUTPUT = 8 * MIB;

// A chunk is what the CPU's cache holds beside others. But where every string comes back, what comes back of short ones
// is many times the chunk, and what is told of a region with each is the target's choice.
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

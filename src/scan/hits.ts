import { MemscanError } from '../base/errors.ts';
import { type Coverage, noCoverage } from '../memory/coverage.ts';
import { isRange, type Range, rangeText } from '../memory/ranges.ts';
import type { Region } from '../memory/region.ts';
import { addon } from '../native/addon.ts';
import { HIT_CONTEXT } from '../native/constants.ts';
import type { HitRecords, HitResult, HitStyle, HitsWanted } from '../native/hits.ts';
import { chooseKernel } from '../native/kernels.ts';
import type { RegionLabels } from '../native/lines.ts';
import type { Target } from '../targets/target.ts';
import { parseBytes } from './byte-pattern.ts';
import { type PassOptions, passOver } from './pass.ts';

/** Bytes anywhere in the target that match a pattern. */
export interface FoundBytes {
  /** Address of the first byte; for a file, its offset. */
  readonly address: bigint;
  /** In bytes. */
  readonly length: number;
  /** The region that holds the first byte. */
  readonly region: Region;
  readonly bytes: Buffer;
  /** Up to 16 bytes directly before the hit; fewer where memory was not read. */
  readonly before: Buffer;
  /** Up to 16 bytes directly after the hit; fewer where memory was not read. */
  readonly after: Buffer;
}

/** A word of memory that points into a range. */
export interface FoundPointer {
  /** Address of the word, a multiple of 8. */
  readonly address: bigint;
  readonly region: Region;
  readonly value: bigint;
}

/** Progress of a search; complete at its end. In bytes, except `hits`. */
export interface HitStats {
  readonly coverage: Coverage;
  /** Hits so far. */
  hits: number;
}

/** Hits in order of addresses. Each is found when the iteration asks for it. */
export interface HitScan<Hit> extends AsyncIterable<Hit> {
  /** Progress of the latest iteration. */
  readonly stats: Readonly<HitStats>;
}

export const newHitStats = (): HitStats => ({ coverage: noCoverage(), hits: 0 });

/**
 * Finds bytes anywhere in a target, not only in strings. A pattern is 1 to 256 bytes in hexadecimal; `?` matches any
 * digit, and at least one digit must be known. A hit lies completely in memory that was read. Hits may overlap; each is
 * reported once, even if it matches several patterns.
 *
 * @example
 * for await (const { address, after } of scanBytes(target, '1f 8b ?? 08')) console.log(address.toString(16), after);
 *
 * @throws MemscanError BAD_PATTERN; while iterating, the errors of scanStrings()
 */
export function scanBytes(
  target: Target,
  patterns: string | readonly string[],
  options: PassOptions = {},
): HitScan<FoundBytes> {
  return hitScan(target, bytesWanted(patterns), options, eachBytes);
}

/** Counts what scanBytes() finds, without bringing it to JavaScript. */
export function countBytes(
  target: Target,
  patterns: string | readonly string[],
  options: PassOptions = {},
): Promise<number> {
  return count(target, bytesWanted(patterns), options);
}

/**
 * Finds references to a block: little-endian words of 8 bytes, at multiples of 8, whose value is an address in `to`.
 * Tagged or compressed pointers are not recognized.
 *
 * @throws MemscanError BAD_OPTION; while iterating, the errors of scanStrings()
 */
export function scanPointers(target: Target, to: Range, options: PassOptions = {}): HitScan<FoundPointer> {
  return hitScan(target, pointersWanted(to), options, eachPointer);
}

/** Counts what scanPointers() finds, without bringing it to JavaScript. */
export function countPointers(target: Target, to: Range, options: PassOptions = {}): Promise<number> {
  return count(target, pointersWanted(to), options);
}

/** Parses patterns of bytes. Throws BAD_PATTERN. */
function bytesWanted(patterns: string | readonly string[]): HitsWanted {
  const list = [patterns].flat();
  return { patterns: (list.length > 0 ? list : ['']).map(parseBytes) };
}

/** Checks the range that pointers should point into. Throws BAD_OPTION. */
function pointersWanted(to: Range): HitsWanted {
  if (isRange(to) && to.start < to.end) return { pointers: { start: to.start, end: to.end } };
  throw new MemscanError(
    'BAD_OPTION',
    `bad range to point to: ${rangeText(to)}`,
    'give its start and its end as bigints, the start below the end',
  );
}

export interface HitRequest {
  readonly wanted: HitsWanted;
  readonly output: 'count' | 'records' | 'lines';
  /** For `lines`. */
  readonly style?: HitStyle | undefined;
  /** For `lines`: returns the labels of the regions that hold `ranges`. */
  readonly labels?: ((ranges: readonly Range[]) => RegionLabels) | undefined;
  /** Maximum number of hits in each chunk; Infinity for all. */
  readonly limit: number;
}

/** Searches the target. Yields the results of each job, chunk by chunk in order of addresses, and counts in `stats`. */
export async function* searchHits(
  target: Target,
  options: PassOptions,
  { wanted, output, style, labels, limit }: HitRequest,
  stats: HitStats,
): AsyncGenerator<readonly HitResult[]> {
  const searcher = new addon.HitScan({ ...wanted, kernel: chooseKernel(), output, style });
  const pass = { searcher, chunkSize: CHUNK, margin: marginFor(wanted), limit, labels };
  for await (const results of passOver(target, options, pass, stats.coverage)) {
    stats.hits += results.reduce((sum, { hits }) => sum + hits, 0);
    yield results;
  }
}

/** Small enough to stay in a CPU's cache. */
const CHUNK = 1 << 20;

/** Bytes of a pointer. */
const WORD = 8;

const marginFor = (wanted: HitsWanted): number =>
  'pointers' in wanted
    ? WORD - 1
    : HIT_CONTEXT + Math.max(...wanted.patterns.map(({ bytes }) => bytes.length)) - 1;

function hitScan<Hit>(
  target: Target,
  wanted: HitsWanted,
  options: PassOptions,
  each: (records: HitRecords, target: Target) => Iterable<Hit>,
): HitScan<Hit> {
  const stats = newHitStats();
  return {
    stats,
    async *[Symbol.asyncIterator]() {
      Object.assign(stats, newHitStats());
      const request = { wanted, output: 'records', limit: Infinity } as const;
      for await (const results of searchHits(target, options, request, stats)) {
        for (const { records } of results) {
          for (const hit of each(records!, target)) {
            yield hit;
            options.signal?.throwIfAborted();
          }
        }
      }
    },
  };
}

async function count(target: Target, wanted: HitsWanted, options: PassOptions): Promise<number> {
  const stats = newHitStats();
  const search = searchHits(target, options, { wanted, output: 'count', limit: Infinity }, stats);
  while (!(await search.next()).done);
  return stats.hits;
}

function* eachBytes({ addresses, lengths, bytes }: HitRecords, target: Target): Generator<FoundBytes> {
  let at = 0;
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  for (const [i, address] of addresses.entries()) {
    const [before, length, after] = lengths.subarray(3 * i);
    const hit = { before: take(before!), bytes: take(length!), after: take(after!) };
    yield { address, length: length!, region: target.regionAt(address)!, ...hit };
  }
}

function* eachPointer({ addresses, values }: HitRecords, target: Target): Generator<FoundPointer> {
  for (const [i, address] of addresses.entries()) {
    yield { address, region: target.regionAt(address)!, value: values[i]! };
  }
}

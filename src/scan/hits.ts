import { MemscanError } from '../base/errors.ts';
import { type Coverage, noCoverage } from '../memory/coverage.ts';
import { isRange, type Range, rangeText } from '../memory/ranges.ts';
import type { Region } from '../memory/region.ts';
import { addon } from '../native/addon.ts';
import { HIT_CONTEXT } from '../native/constants.ts';
import { chooseKernel } from '../native/kernels.ts';
import type { RegionLabels } from '../native/lines.ts';
import type { HitRecords, HitResult, HitStyle, HitsWanted } from '../native/hits.ts';
import type { Target } from '../targets/target.ts';
import { parseBytes } from './byte-pattern.ts';
import { type PassOptions, passOver } from './pass.ts';

/** Bytes that stand somewhere in the target, and fit a pattern. */
export interface FoundBytes {
  /** Of the first byte: an address of a process, an offset of a file. */
  readonly address: bigint;
  /** In bytes. */
  readonly length: number;
  /** The region that holds the first byte. */
  readonly region: Region;
  readonly bytes: Buffer;
  /** What stands right before them, up to 16 bytes: fewer where memory was not read. */
  readonly before: Buffer;
  /** What stands right behind them, likewise. */
  readonly after: Buffer;
}

/** A word of memory that points into a range. */
export interface FoundPointer {
  /** Of the word, a multiple of 8. */
  readonly address: bigint;
  readonly region: Region;
  readonly value: bigint;
}

/** How far a search has come, and at last what it did. Bytes. */
export interface HitStats {
  readonly coverage: Coverage;
  /** So far. */
  hits: number;
}

/** Hits in the order of their addresses, each found when it is asked for. */
export interface HitScan<Hit> extends AsyncIterable<Hit> {
  /** What the last iteration has done so far. */
  readonly stats: Readonly<HitStats>;
}

export const newHitStats = (): HitStats => ({ coverage: noCoverage(), hits: 0 });

/**
 * Finds bytes anywhere in a target, not only in strings. A pattern is 1 to 256 bytes in hexadecimal, in which `?` stands
 * for any digit and one digit at least is known. Hits lie whole in memory that is read; they may overlap, and are told
 * once, however many of the patterns they fit.
 *
 * @example
 * for await (const { address, after } of scanBytes(target, '1f 8b ?? 08')) console.log(address.toString(16), after);
 *
 * @throws MemscanError BAD_PATTERN; while iterating what scanStrings() throws
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
 * Finds who refers to a block: words of 8 bytes, at multiples of 8, little-endian, whose value is an address in `to`.
 * Pointers with other bits in them, as tags are, are not known.
 *
 * @throws MemscanError BAD_OPTION; while iterating what scanStrings() throws
 */
export function scanPointers(target: Target, to: Range, options: PassOptions = {}): HitScan<FoundPointer> {
  return hitScan(target, pointersWanted(to), options, eachPointer);
}

/** Counts what scanPointers() finds, without bringing it to JavaScript. */
export function countPointers(target: Target, to: Range, options: PassOptions = {}): Promise<number> {
  return count(target, pointersWanted(to), options);
}

/** Throws BAD_PATTERN. */
export function bytesWanted(patterns: string | readonly string[]): HitsWanted {
  const list = [patterns].flat();
  return { patterns: (list.length > 0 ? list : ['']).map(parseBytes) };
}

/** Throws BAD_OPTION. */
export function pointersWanted(to: Range): HitsWanted {
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
  /** For `lines`: the labels of the regions that hold `ranges`. */
  readonly labels?: ((ranges: readonly Range[]) => RegionLabels) | undefined;
  /** Hits wanted at most, of each chunk; Infinity = all. */
  readonly limit: number;
}

/** Searches the target; yields what a job brought, chunk by chunk in the order of addresses. Counts in `stats`. */
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

/** What the CPU's cache holds beside others. */
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

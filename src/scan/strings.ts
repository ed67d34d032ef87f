import { type Encoding, ENCODINGS } from '../base/encodings.ts';
import { listOf, oneOf } from '../base/option-checks.ts';
import type { Region } from '../memory/region.ts';
import type { Records } from '../native/records.ts';
import type { Target } from '../targets/target.ts';
import { encodingsOf } from './encodings.ts';
import type { StitchedString } from './join-texts.ts';
import { locateMatches } from './matches.ts';
import { findNamed, type PatternName } from './named/named.ts';
import { parsePattern, type Pattern, patternOf } from './pattern.ts';
import { type Match, type Mode, MODES, Patterns, type TextAt } from './patterns.ts';
import { LONGEST_TEXT, newStats, scanChunks, type ScanOptions, type ScanStats } from './scan.ts';
import type { Tally } from './tally.ts';

/** A string of the target. */
export interface FoundString {
  /** Address of its first byte; for a file, its offset. */
  readonly address: bigint;
  /** Length in memory, in bytes. */
  readonly length: number;
  readonly encoding: Encoding;
  /** The region that holds its first byte. */
  readonly region: Region;
  readonly text: string;
  /** The string is longer than 32 MiB, and `text` holds only a part of it. */
  readonly truncated: boolean;
}

export interface StringOptions extends ScanOptions {
  /**
   * Find only strings that contain this text, or that this expression matches (with the flag `u` added). For a list,
   * see `mode`. Strings longer than 32 MiB are tested in windows of 32 MiB that overlap by 1 MiB, each as if it were a
   * whole string. An expression that backtracks without end, as (a+)+$ may, blocks the thread.
   */
  readonly pattern?: string | RegExp | readonly (string | RegExp)[];
  /** Named patterns, in addition to `pattern`. */
  readonly find?: readonly PatternName[];
  /** Find strings that any of the patterns matches (default), that all match, or that none matches. */
  readonly mode?: Mode;
}

/** The strings of a target in order of addresses. Each is found when the iteration asks for it. */
export interface StringScan extends AsyncIterable<FoundString> {
  /** Progress of the latest iteration. */
  readonly stats: Readonly<ScanStats>;
}

/**
 * Finds the strings of a target: maximal sequences of at least `min` characters of text. A string may span adjacent
 * regions, but not memory that is not read.
 *
 * @example
 * const target = await openTarget(4711);
 * const scan = scanStrings(target, { min: 10, pattern: /"unread":\d{3,}/ });
 * for await (const { address, text } of scan) console.log(address.toString(16), text);
 * console.log(scan.stats.coverage.scanned, 'bytes');
 * target.close();
 *
 * @throws MemscanError while iterating: BAD_OPTION, BAD_PATTERN, NOT_PERMITTED, TARGET_ENDED (after everything found
 * before), TARGET_CLOSED, READ_FAILED; and the reason of `signal` once it is aborted
 */
export function scanStrings(target: Target, options: StringOptions = {}): StringScan {
  const stats = newStats();
  return {
    stats,
    [Symbol.asyncIterator]: () => findStrings(target, options, Object.assign(stats, newStats())),
  };
}

/**
 * Counts strings. Brings them to JavaScript only if the pattern requires it. For options and errors see scanStrings().
 */
export async function countStrings(target: Target, options: StringOptions = {}): Promise<number> {
  const stats = newStats();
  const batches = countInBatches(target, options, await patternsFrom(options), stats);
  while (!(await batches.next()).done);
  return stats.strings;
}

/** Counts strings in `stats`; yields after each job. */
export async function* countInBatches(
  target: Target,
  options: ScanOptions,
  patterns: Patterns | undefined,
  stats: ScanStats,
): AsyncGenerator<void> {
  // The addon decides exact conditions itself.
  const tested = patterns?.isExact ? undefined : patterns;
  const output = tested ? 'records' : 'count';
  const request = { output, patterns, keep: 0, limit: Infinity } as const;
  for await (const batches of scanChunks(target, options, request, stats)) {
    for (const { stitched, strings, records } of batches) {
      if (stitched) stats.strings++;
      stats.strings += tested ? tested.test([...eachRecord(records)]).filter(Boolean).length : strings;
    }
    yield;
  }
}

/**
 * Adds the matches of at most `limit` strings to `tally`, and counts these strings in `stats`; yields after each job.
 */
export async function* countByPattern(
  target: Target,
  options: ScanOptions,
  patterns: Patterns,
  tally: Tally,
  stats: ScanStats,
  limit: number,
): AsyncGenerator<void> {
  const [stitchedIn] = encodingsOf(options.encoding);
  const request = { output: 'records', patterns, keep: 0, limit: Infinity } as const;
  const add = (
    { address, text }: TextAt,
    encoding: Encoding,
    matches: readonly Match[] | undefined,
  ): void => {
    if (!matches || stats.strings >= limit) return;
    stats.strings++;
    tally.add(locateMatches(text, matches, address, encoding));
  };
  for await (const batches of scanChunks(target, options, request, stats)) {
    for (const { stitched, records } of batches) {
      if (stitched) {
        const text = { address: stitched.address + BigInt(stitched.skipped), text: stitched.text.toString() };
        add(text, stitchedIn!, patterns.matchesIn({ ...text, address: stitched.address }));
      }
      const texts = [...eachRecord(records)];
      for (const [i, matches] of patterns.matches(texts).entries())
        add(texts[i]!, texts[i]!.encoding, matches);
    }
    yield;
    if (stats.strings >= limit) return;
  }
}

async function* findStrings(
  target: Target,
  options: StringOptions,
  stats: ScanStats,
): AsyncGenerator<FoundString> {
  const patterns = await patternsFrom(options);
  const tested = patterns?.isExact ? undefined : patterns;
  const [encoding] = encodingsOf(options.encoding); // the only one, if strings are stitched
  const request = { output: 'records', patterns, keep: LONGEST_TEXT, limit: Infinity } as const;
  for await (const batches of scanChunks(target, options, request, stats)) {
    for (const { stitched, records } of batches) {
      if (stitched) {
        stats.strings++;
        yield fromStitched(stitched, target, encoding!);
        options.signal?.throwIfAborted();
      }
      for (const record of eachRecord(records)) {
        if (tested?.test([record])[0] === false) continue;
        stats.strings++;
        yield fromRecord(record, target);
        options.signal?.throwIfAborted();
      }
    }
  }
}

function fromStitched(string: StitchedString, target: Target, encoding: Encoding): FoundString {
  const { address, length, cutBefore, cutAfter } = string;
  const region = target.regionAt(address)!;
  return {
    address,
    length,
    encoding,
    region,
    text: string.text.toString(),
    truncated: cutBefore || cutAfter,
  };
}

const fromRecord = ({ address, length, encoding, text }: TextRecord, target: Target): FoundString => ({
  address,
  length,
  encoding,
  region: target.regionAt(address)!,
  text,
  truncated: false,
});

/** Returns the patterns of options, or undefined if every string is wanted. Throws BAD_OPTION, BAD_PATTERN. */
export async function patternsFrom({
  pattern = [],
  find = [],
  mode = 'any',
}: Pick<StringOptions, 'pattern' | 'find' | 'mode'>): Promise<Patterns | undefined> {
  oneOf('mode', mode, MODES);
  const names = listOf('find', find);
  const list = await Promise.all([...[pattern].flat().map(parsed), ...names.map((name) => findNamed(name))]);
  return list.length > 0 ? new Patterns(list, mode) : undefined;
}

const parsed = (pattern: string | RegExp): Promise<Pattern> =>
  typeof pattern === 'string' ? parsePattern(pattern, { fixed: true }) : patternOf(pattern);

export interface TextRecord {
  /** Index among the records. */
  readonly index: number;
  readonly address: bigint;
  /** Length in memory, in bytes. */
  readonly length: number;
  readonly encoding: Encoding;
  readonly text: string;
}

/** Yields the records of one chunk as text. Decodes the texts of all records at once, then cuts. */
export function* eachRecord(records: Records | undefined): Generator<TextRecord> {
  if (!records) return;
  const { addresses, lengths, codeUnits, encodings } = records;
  const all = decode(records);
  let unit = 0;
  for (let index = 0; index < lengths.length; index++) {
    const text = all.slice(unit, (unit += codeUnits[index]!));
    const encoding = ENCODINGS[encodings[index]!]!;
    yield { index, address: addresses[index]!, length: lengths[index]!, encoding, text };
  }
}

// If there are as many code units as bytes, the text is ASCII, and latin1 decodes it several times as fast.
function decode({ codeUnits, text }: Records): string {
  const units = codeUnits.reduce((sum, count) => sum + count, 0);
  return text.toString(units === text.length ? 'latin1' : 'utf8');
}

import { type Encoding, ENCODINGS } from '../base/encodings.ts';
import { listOf, oneOf } from '../base/options.ts';
import type { Region } from '../memory/region.ts';
import type { Records } from '../native/records.ts';
import type { Target } from '../targets/target.ts';
import { encodingsOf } from './encodings.ts';
import { placedMatches } from './matches.ts';
import { findNamed, type PatternName } from './named/named.ts';
import { parsePattern, type Pattern, patternOf } from './pattern.ts';
import { type Match, type Mode, MODES, Patterns, type Placed } from './patterns.ts';
import { LONGEST_TEXT, newStats, scanChunks, type ScanOptions, type ScanStats } from './scan.ts';
import type { StitchedString } from './stitch.ts';
import type { Tally } from './tally.ts';

/** A string of the target. */
export interface FoundString {
  /** Of its first byte: an address of a process, an offset of a file. */
  readonly address: bigint;
  /** In bytes. */
  readonly length: number;
  readonly encoding: Encoding;
  /** The region that holds its first byte. */
  readonly region: Region;
  readonly text: string;
  /** Only part of the text is here: the string is longer than 32 MiB. */
  readonly truncated: boolean;
}

export interface StringOptions extends ScanOptions {
  /**
   * Only strings that hold this text, or in which this expression matches (taken with the flag `u`); of a list, see
   * `mode`. Strings longer than 32 MiB are tested in windows of 32 MiB that overlap by 1 MiB, each as if it were a whole
   * string. An expression that backtracks without end, as (a+)+$ may, blocks the thread.
   */
  readonly pattern?: string | RegExp | readonly (string | RegExp)[];
  /** Named patterns, beside `pattern`. */
  readonly find?: readonly PatternName[];
  /** Strings in which any of the patterns matches (default), all of them do, or none. */
  readonly mode?: Mode;
}

/** The strings of a target in the order of their addresses, each found when it is asked for. */
export interface StringScan extends AsyncIterable<FoundString> {
  /** What the last iteration has done so far. */
  readonly stats: Readonly<ScanStats>;
}

/**
 * Finds the strings of a target: maximal sequences of at least `min` characters of text. Strings do not join across
 * memory that is not read; they do across regions that touch.
 *
 * @example
 * const target = await openTarget(4711);
 * const scan = scanStrings(target, { min: 10, pattern: /"unread":\d{3,}/ });
 * for await (const { address, text } of scan) console.log(address.toString(16), text);
 * console.log(scan.stats.coverage.scanned, 'bytes');
 * target.close();
 *
 * @throws MemscanError while iterating: BAD_OPTION, BAD_PATTERN, NOT_PERMITTED, TARGET_ENDED (after what was found until
 * then), TARGET_CLOSED, READ_FAILED; and the reason of `signal`, once that is aborted
 */
export function scanStrings(target: Target, options: StringOptions = {}): StringScan {
  const stats = newStats();
  return {
    stats,
    [Symbol.asyncIterator]: () => findStrings(target, options, Object.assign(stats, newStats())),
  };
}

/** Counts strings, without bringing them to JavaScript where the pattern allows. Options and errors: scanStrings(). */
export async function countStrings(target: Target, options: StringOptions = {}): Promise<number> {
  const stats = newStats();
  const batches = countInBatches(target, options, await patternsFrom(options), stats);
  while (!(await batches.next()).done);
  return stats.strings;
}

/** Counts in `stats`, job by job. */
export async function* countInBatches(
  target: Target,
  options: ScanOptions,
  patterns: Patterns | undefined,
  stats: ScanStats,
): AsyncGenerator<void> {
  // Conditions that say it all are decided where they are found.
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

/** Tells `tally` the matches of at most `limit` strings, job by job; counts those in `stats`. */
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
    { address, text }: Placed,
    encoding: Encoding,
    matches: readonly Match[] | undefined,
  ): void => {
    if (!matches || stats.strings >= limit) return;
    stats.strings++;
    tally.add(placedMatches(text, matches, address, encoding));
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
  const [encoding] = encodingsOf(options.encoding); // of what is stitched
  const request = { output: 'records', patterns, keep: LONGEST_TEXT, limit: Infinity } as const;
  for await (const batches of scanChunks(target, options, request, stats)) {
    for (const { stitched, records } of batches) {
      if (stitched) {
        stats.strings++;
        yield fromStitched(stitched, target, encoding!);
        options.signal?.throwIfAborted();
      }
      for (const { address, length, encoding, text } of eachRecord(records)) {
        if (tested?.test([{ address, text }])[0] === false) continue;
        stats.strings++;
        yield {
          address,
          length,
          encoding,
          region: target.regionAt(address)!,
          text,
          truncated: false,
        };
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

/** The patterns of options; undefined where all strings are wanted. Throws BAD_OPTION, BAD_PATTERN. */
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
  /** Its place among the records. */
  readonly index: number;
  readonly address: bigint;
  /** In memory. */
  readonly length: number;
  readonly encoding: Encoding;
  readonly text: string;
}

/** The records of one chunk as text: all of it decoded at once, then cut. */
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

// As many code units as bytes: it is ASCII, which latin1 decodes several times as fast.
function decode({ codeUnits, text }: Records): string {
  const units = codeUnits.reduce((sum, count) => sum + count, 0);
  return text.toString(units === text.length ? 'latin1' : 'utf8');
}

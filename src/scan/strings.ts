import type { Encoding, Records } from '../native.ts';
import type { Region, Target } from '../target/target.ts';
import { type Pattern, patternOf } from './pattern.ts';
import { LONGEST_TEXT, newStats, scanChunks, type ScanOptions, type ScanStats } from './scan.ts';
import type { StitchedString } from './stitch.ts';

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
   * Only strings that hold this text, or in which this expression matches (taken with the flag `u`). Of a string longer
   * than 32 MiB, an expression is tested on windows of 32 MiB that overlap by 1 MiB, each as if it were a whole string.
   * One that backtracks without end, as (a+)+$ may, blocks the thread.
   */
  readonly pattern?: string | RegExp;
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
 * @throws MemscanError while iterating: BAD_OPTION, NOT_PERMITTED, TARGET_ENDED (after what was found until then),
 * READ_FAILED; and the reason of `signal`, once that is aborted
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
  const batches = countInBatches(target, options, await patternFrom(options.pattern), stats);
  while (!(await batches.next()).done);
  return stats.strings;
}

/** Counts in `stats`, job by job. */
export async function* countInBatches(
  target: Target,
  options: ScanOptions,
  pattern: Pattern | undefined,
  stats: ScanStats,
): AsyncGenerator<void> {
  // A condition that says it all is decided where it is found.
  const regexp = pattern?.kind === 'regexp' && !pattern.condition?.isExact ? pattern.regexp : undefined;
  const output = regexp ? 'records' : 'count';
  const request = { output, pattern, keep: 0, limit: Infinity } as const;
  for await (const batches of scanChunks(target, options, request, stats)) {
    for (const { stitched, strings, records } of batches) {
      if (stitched) stats.strings++;
      if (!regexp) stats.strings += strings;
      else for (const { text } of eachRecord(records)) if (regexp.test(text)) stats.strings++;
    }
    yield;
  }
}

async function* findStrings(
  target: Target,
  options: StringOptions,
  stats: ScanStats,
): AsyncGenerator<FoundString> {
  const pattern = await patternFrom(options.pattern);
  const regexp = pattern?.kind === 'regexp' ? pattern.regexp : undefined;
  const encoding = options.encoding ?? 'utf8';
  const request = { output: 'records', pattern, keep: LONGEST_TEXT, limit: Infinity } as const;
  for await (const batches of scanChunks(target, options, request, stats)) {
    for (const { stitched, records } of batches) {
      if (stitched) {
        stats.strings++;
        yield fromStitched(stitched, target, encoding);
      }
      for (const { address, length, text } of eachRecord(records)) {
        if (regexp && !regexp.test(text)) continue;
        stats.strings++;
        yield {
          address,
          length,
          encoding,
          region: target.regionAt(address)!,
          text,
          truncated: false,
        };
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

export async function patternFrom(pattern: string | RegExp | undefined): Promise<Pattern | undefined> {
  if (pattern === undefined || pattern === '') return undefined;
  return typeof pattern === 'string' ? { kind: 'literal', needle: Buffer.from(pattern) } : patternOf(pattern);
}

export interface TextRecord {
  /** Its place among the records. */
  readonly index: number;
  readonly address: bigint;
  readonly length: number;
  readonly text: string;
}

/** The records of one chunk as text: all of it decoded at once, then cut. */
export function* eachRecord(records: Records | undefined): Generator<TextRecord> {
  if (!records) return;
  const { addresses, lengths, codeUnits } = records;
  const all = decode(records);
  let unit = 0;
  for (let index = 0; index < lengths.length; index++) {
    const text = all.slice(unit, (unit += codeUnits[index]!));
    yield { index, address: addresses[index]!, length: lengths[index]!, text };
  }
}

// As many code units as bytes: it is ASCII, which latin1 decodes several times as fast.
function decode({ codeUnits, text }: Records): string {
  const units = codeUnits.reduce((sum, count) => sum + count, 0);
  return text.toString(units === text.length ? 'latin1' : 'utf8');
}

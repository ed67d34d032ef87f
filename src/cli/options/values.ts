import { type Encoding, ENCODINGS } from '../../base/encodings.ts';
import type { Range } from '../../memory/ranges.ts';
import { type RegionKind, regionKind } from '../../memory/region.ts';
import { encodingsOf } from '../../scan/encodings.ts';

import { badOption } from '../mistake.ts';

// Parsers of options' values. All throw BAD_OPTION; `option` is the option's name with dashes.

/** A whole number from `least` to `most`. */
export function wholeNumber(text: string, option: string, least: number, most = 2 ** 31 - 1): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw badOption(`bad ${option}: ${text}`, `give a whole number from ${least} to ${most}`);
}

/** A parser of whole numbers that are not below `least`. */
export const atLeast =
  (least: number) =>
  (text: string, option: string): number =>
    wholeNumber(text, option, least);

/** A list of encodings, or `all`. */
export function parseEncodings(list: string): readonly Encoding[] {
  const names = list.split(',').map((name) => name.trim().toLowerCase());
  return encodingsOf(
    names.flatMap((name) => (name === 'all' ? ENCODINGS : name === 'utf-8' ? 'utf8' : (name as Encoding))),
  );
}

/** The items of lists with commas. */
export const commaSeparated = (lists: readonly string[]): string[] =>
  lists.flatMap((list) => list.split(',')).map((item) => item.trim());

export const parseRanges = (texts: readonly string[]): Range[] => commaSeparated(texts).map(parseRange);

function parseRange(text: string): Range {
  const match = /^(?:0x)?([0-9a-f]{1,16})-(?:0x)?([0-9a-f]{1,16})$/i.exec(text);
  const [start, end] = match ? [BigInt(`0x${match[1]!}`), BigInt(`0x${match[2]!}`)] : [0n, 0n];
  if (start < end) return { start, end };
  throw badOption(
    `bad --range: ${text}`,
    'give START-END in hexadecimal, START below END: 0x7f5c00000000-0x7f5c04000000',
  );
}

/** `ADDR` or `START-END`, in hexadecimal: the range that pointers lead to. */
export function parsePointedTo(text: string): Range {
  const match = /^(?:0x)?([0-9a-f]{1,16})(?:-(?:0x)?([0-9a-f]{1,16}))?$/i.exec(text.trim());
  const start = match ? BigInt(`0x${match[1]!}`) : 0n;
  const end = match?.[2] === undefined ? start + 1n : BigInt(`0x${match[2]}`);
  if (match && start < end && end < 2n ** 64n) return { start, end };
  throw badOption(
    `bad --pointers-to: ${text}`,
    'give an address in hexadecimal, or START-END, START below END: 0x7f5c00000010-0x7f5c00000020',
  );
}

export const parseKinds = (texts: readonly string[]): RegionKind[] =>
  commaSeparated(texts).map((name) => regionKind(name));

const UNITS = ['', 'K', 'M', 'G', 'T'];

/** Bytes: `4096`, `500K`, `1.5G`, `64MiB`; units are powers of 1024. */
export function parseSize(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text);
  const bytes = match ? Math.ceil(Number(match[1]) * 1024 ** UNITS.indexOf(match[2]!.toUpperCase())) : NaN;
  if (Number.isSafeInteger(bytes)) return bytes;
  throw badOption(`bad ${option}: ${text}`, 'give bytes, or a number with K, M, G or T: 64M');
}

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** Longest delay a timer takes, in days: 2^31 - 1 milliseconds. */
const MOST_DAYS = 24;

/** Milliseconds, of `30s`, `5m`, `1.5h`; at least one second. */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)([smh])$/i.exec(text);
  const unit = match?.[2]!.toLowerCase() as keyof typeof SECONDS | undefined;
  const seconds = match && unit ? Number(match[1]) * SECONDS[unit] : 0;
  if (seconds >= 1 && seconds <= MOST_DAYS * 86_400) return Math.round(1000 * seconds);
  throw badOption(
    `bad ${option}: ${text}`,
    `give seconds, minutes or hours, ${MOST_DAYS} days at most: 30s, 5m, 1h`,
  );
}

/** A file to write to; not `-`, since `what` is not written as a stream. Throws BAD_OPTION. */
export function parseOutput(output: string | undefined, what: string): string {
  if (!output) throw badOption('no file to write to', 'give one: -o FILE');
  if (output !== '-') return output;
  throw badOption(
    `${what} cannot be written to standard output`,
    'give a file: -o FILE (one named -: -o ./-)',
  );
}

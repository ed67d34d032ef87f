import type { Encoding } from '../base/encodings.ts';
import { encodedLength, textLength } from './encodings.ts';
import type { Pattern } from './pattern.ts';
import type { Match } from './patterns.ts';

/** A piece of a string that one or more patterns match. */
export interface LocatedMatch {
  readonly address: bigint;
  /** Length in memory, in bytes. */
  readonly length: number;
  /** Where the piece begins and ends in the string's text as the addon returns it, in bytes. */
  readonly begin: number;
  readonly end: number;
  /** All patterns that match exactly this piece. */
  readonly patterns: readonly Pattern[];
}

/** Locates matches in memory. `matches` are in order; the text begins at `address`. */
export function locateMatches(
  text: string,
  matches: readonly Match[],
  address: bigint,
  encoding: Encoding,
): LocatedMatch[] {
  const located: LocatedMatch[] = [];
  let [offset, at, unit] = [0, 0, 0];
  for (const [i, { pattern, begin, end }] of matches.entries()) {
    const before = matches[i - 1];
    if (before?.begin === begin && before.end === end) {
      const last = located.pop()!;
      located.push({ ...last, patterns: [...last.patterns, pattern] });
      continue;
    }
    const between = text.slice(unit, begin);
    offset += encodedLength(between, encoding);
    at += textLength(between, encoding);
    unit = begin;
    const matched = text.slice(begin, end);
    located.push({
      address: address + BigInt(offset),
      length: encodedLength(matched, encoding),
      begin: at,
      end: at + textLength(matched, encoding),
      patterns: [pattern],
    });
  }
  return located;
}

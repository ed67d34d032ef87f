import type { Encoding } from '../base/encodings.ts';
import { encodedLength, textLength } from './encodings.ts';
import type { Pattern } from './pattern.ts';
import type { Match } from './patterns.ts';

/** A piece of a string that patterns match. */
export interface PlacedMatch {
  readonly address: bigint;
  /** In memory, in bytes. */
  readonly length: number;
  /** Where it begins and ends in the text, in bytes of that. */
  readonly begin: number;
  readonly end: number;
  /** All that match exactly this piece. */
  readonly patterns: readonly Pattern[];
}

/** Where matches, in order, are in memory: the text begins at `address`. */
export function placedMatches(
  text: string,
  matches: readonly Match[],
  address: bigint,
  encoding: Encoding,
): PlacedMatch[] {
  const placed: PlacedMatch[] = [];
  let [offset, at, unit] = [0, 0, 0];
  for (const [i, { pattern, begin, end }] of matches.entries()) {
    const before = matches[i - 1];
    if (before?.begin === begin && before.end === end) {
      const last = placed.pop()!;
      placed.push({ ...last, patterns: [...last.patterns, pattern] });
      continue;
    }
    const between = text.slice(unit, begin);
    offset += encodedLength(between, encoding);
    at += textLength(between, encoding);
    unit = begin;
    const matched = text.slice(begin, end);
    placed.push({
      address: address + BigInt(offset),
      length: encodedLength(matched, encoding),
      begin: at,
      end: at + textLength(matched, encoding),
      patterns: [pattern],
    });
  }
  return placed;
}

import type { Encoding } from '../native.ts';
import { encodedLength } from './encodings.ts';
import type { Pattern } from './pattern.ts';
import type { Match } from './patterns.ts';

/** A piece of a string that patterns match. */
export interface PlacedMatch {
  readonly address: bigint;
  /** In bytes. */
  readonly length: number;
  /** Where it begins in the text, in bytes. */
  readonly offset: number;
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
  let [offset, unit] = [0, 0];
  for (const [i, { pattern, begin, end }] of matches.entries()) {
    const before = matches[i - 1];
    if (before?.begin === begin && before.end === end) {
      const last = placed.pop()!;
      placed.push({ ...last, patterns: [...last.patterns, pattern] });
      continue;
    }
    offset += encodedLength(text.slice(unit, begin), encoding);
    unit = begin;
    const length = encodedLength(text.slice(begin, end), encoding);
    placed.push({ address: address + BigInt(offset), length, offset, patterns: [pattern] });
  }
  return placed;
}

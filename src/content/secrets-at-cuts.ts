import type { Pattern } from '../scan/pattern.ts';
import type { Span } from './span.ts';

/** Whether a string continues before the beginning of its text, and after its end. */
export interface Cut {
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

export const WHOLE: Cut = { cutBefore: false, cutAfter: false };

/** Number of characters to show of a possible part of a secret, at the end that is not cut. */
const SHOWN = 4;

/**
 * Returns the parts of a cut text that may belong to a secret, in code units: no pattern finds the remainder of a
 * secret.
 */
export function secretsAtCuts(
  text: string,
  patterns: readonly Pattern[],
  { cutBefore, cutAfter }: Cut,
): Span[] {
  const spans: Span[] = [];
  const end = cutBefore ? endOfRest(text, patterns) - SHOWN : 0;
  if (end > 0) spans.push({ begin: 0, end });
  const begin = cutAfter ? beginOfLastWord(text) + SHOWN : text.length;
  if (begin < text.length) spans.push({ begin, end: text.length });
  return spans;
}

const endOfRest = (text: string, patterns: readonly Pattern[]): number =>
  Math.max(0, ...patterns.map(({ rest }) => rest?.exec(text)?.[0].length ?? 0));

/** Where the last word begins: characters of tokens, keys and escaped line feeds, or digits in groups. */
const beginOfLastWord = (text: string): number =>
  Math.min(beginOfLast(/[\w+/=.\\-]/, text), beginOfDigits(text));

function beginOfDigits(text: string): number {
  const begin = beginOfLast(/[\d -]/, text);
  const first = text.slice(begin).search(/\d/);
  return first === -1 ? text.length : begin + first;
}

// An expression anchored only to the end would be tried from every character: its time would be quadratic.
function beginOfLast(character: RegExp, text: string): number {
  let begin = text.length;
  while (begin > 0 && character.test(text[begin - 1]!)) begin--;
  return begin;
}

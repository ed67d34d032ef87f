import type { Pattern } from '../scan/pattern.ts';
import type { Span } from './span.ts';

/** Whether a string goes on before the beginning of its text, and after its end. */
export interface Cut {
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

export const WHOLE: Cut = { cutBefore: false, cutAfter: false };

/** Of what may be a part of a secret, so many characters at the end that is not cut are shown. */
const SHOWN = 4;

/** Where a text is cut, a secret may be, and no pattern finds the rest of it. In code units. */
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

/** Where the last word begins: what tokens, keys and escaped line feeds are made of, or digits in groups. */
const beginOfLastWord = (text: string): number =>
  Math.min(beginOfLast(/[\w+/=.\\-]/, text), beginOfDigits(text));

function beginOfDigits(text: string): number {
  const begin = beginOfLast(/[\d -]/, text);
  const first = text.slice(begin).search(/\d/);
  return first === -1 ? text.length : begin + first;
}

// An expression that is tied to the end only is tried from every character on: its time grows with the square of the text.
function beginOfLast(character: RegExp, text: string): number {
  let begin = text.length;
  while (begin > 0 && character.test(text[begin - 1]!)) begin--;
  return begin;
}

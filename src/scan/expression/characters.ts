import type { AST } from '@eslint-community/regexpp';

import { allCasesOf, WORD_BEYOND_ASCII } from './cases.ts';
import type { Span } from './span.ts';

type CharacterNode = AST.Character | AST.CharacterClass | AST.CharacterSet | AST.CharacterClassElement;

/** Every code point that a character, a class or an escape matches; undefined if that is not known. */
export function spansOf(node: CharacterNode, ignoreCase: boolean): Span[] | undefined {
  switch (node.type) {
    case 'Character':
      return casesOf([node.value, node.value], ignoreCase);
    case 'CharacterClassRange':
      return casesOf([node.min.value, node.max.value], ignoreCase);
    case 'CharacterSet':
      return escapeSpans(node, ignoreCase);
    case 'CharacterClass':
      return classSpans(node, ignoreCase);
    case 'ClassStringDisjunction':
    case 'ExpressionCharacterClass':
    default:
      return undefined;
  }
}

const casesOf = (span: Span, ignoreCase: boolean): Span[] => (ignoreCase ? sorted(allCasesOf(span)) : [span]);

/** Code points of \d, \w, \s and their negations: ECMA-262, CharacterClassEscape. */
function escapeSpans(
  node: AST.CharacterSet | AST.CharacterClassElement,
  ignoreCase: boolean,
): Span[] | undefined {
  if (!('kind' in node) || !(node.kind in ESCAPES)) return undefined;
  const { kind, negate } = node as AST.EscapeCharacterSet;
  const spans =
    ignoreCase && kind === 'word' ? sorted([...ESCAPES.word, ...WORD_BEYOND_ASCII]) : ESCAPES[kind];
  return negate ? complement(spans) : [...spans];
}

const ESCAPES: Readonly<Record<AST.EscapeCharacterSet['kind'], readonly Span[]>> = {
  digit: [[0x30, 0x39]],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
};

function classSpans({ elements, negate }: AST.CharacterClass, ignoreCase: boolean): Span[] | undefined {
  const all = elements.map((element) => spansOf(element, ignoreCase));
  if (!all.every((spans) => spans !== undefined)) return undefined;
  const spans = sorted(all.flat());
  return negate ? complement(spans) : spans;
}

function sorted(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const [first, last] of spans.toSorted(([a], [b]) => a - b)) {
    const before = apart.at(-1);
    if (before && first <= before[1] + 1) apart[apart.length - 1] = [before[0], Math.max(before[1], last)];
    else apart.push([first, last]);
  }
  return apart;
}

export const complement = (spans: readonly Span[]): Span[] =>
  [...spans, [0x110000, 0x110000] as const]
    .map(([first], i): Span => [i === 0 ? 0 : spans[i - 1]![1] + 1, first - 1])
    .filter(([first, last]) => first <= last);

/** Larger classes are not listed: they say little about a text. */
const MOST_LISTED = 256;

/** The code points of these spans that can occur in a string; undefined if there are too many. */
export function listed(spans: readonly Span[]): number[] | undefined {
  const count = spans.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (count > MOST_LISTED) return undefined;
  return spans
    .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
    .filter(maybeText);
}

// Controls, line separators and surrogate halves are never text.
const maybeText = (codePoint: number): boolean =>
  isAsciiText(codePoint) ||
  (codePoint > 0x9f && !/[\p{Cs}\p{Zl}\p{Zp}]/u.test(String.fromCodePoint(codePoint)));

export const isAsciiText = (codePoint: number): boolean =>
  (codePoint >= 0x20 && codePoint < 0x7f) || codePoint === 0x09;

import { setFlagsFromString } from 'node:v8';

import type { AST } from '@eslint-community/regexpp';

import { complement, spansOf } from './expression/characters.ts';
import type { Span } from './expression/span.ts';

import { inspect } from './expression/parse.ts';

// V8 has a second engine with linear time for expressions that make its default engine backtrack without end, such as
// (a+)+$ (https://v8.dev/blog/non-backtracking-regexp). It supports neither look-around nor back-references, and only
// the flags g, m, s and y. If it repeats something that may be empty, as in (a*)*, it may match another piece than
// ECMAScript specifies. This module therefore rewrites the flags i and u into the expression, and leaves what the
// second engine does not support to the default one.

/**
 * Returns an expression that matches the same pieces of well-formed text, and continues in linear time after 50,000
 * backtracks; undefined if there is none. It has no capturing groups. Turns on the second engine for every expression
 * that this process compiles from now on.
 */
export function linearOf(regexp: RegExp): RegExp | undefined {
  // An expression that matches the empty text would also match between surrogate halves.
  if (regexp.unicodeSets || regexp.test('')) return undefined;
  return inspect(regexp, (alternatives) => {
    const rewritten = rewriteAll(alternatives, regexp);
    if (rewritten === undefined) return undefined;
    setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
    return new RegExp(rewritten, regexp.multiline ? 'm' : '');
  });
}

/**
 * Whether an expression may have to try a piece of text in several ways. It has only one way without repetition, or if
 * only single characters repeat a fixed number of times.
 */
export function mayBacktrack(regexp: RegExp): boolean {
  return inspect(regexp, (alternatives) => haveChoice(alternatives)) ?? true;
}

const haveChoice = (alternatives: readonly AST.Alternative[]): boolean =>
  alternatives.some(({ elements }) => elements.some(hasChoice));

function hasChoice(element: AST.Element): boolean {
  if (element.type === 'Quantifier') {
    return element.min !== element.max || 'alternatives' in element.element || hasChoice(element.element);
  }
  return 'alternatives' in element && haveChoice(element.alternatives);
}

type Flags = Pick<RegExp, 'ignoreCase' | 'dotAll'>;

const rewriteAll = (alternatives: readonly AST.Alternative[], flags: Flags): string | undefined =>
  joinAll(
    alternatives.map(({ elements }) => joinAll(elements.map((element) => rewrite(element, flags)))),
    '|',
  );

const joinAll = (texts: readonly (string | undefined)[], between = ''): string | undefined =>
  texts.every((text) => text !== undefined) ? texts.join(between) : undefined;

function rewrite(element: AST.Element, flags: Flags): string | undefined {
  switch (element.type) {
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return characters(element, flags);
    case 'CapturingGroup':
      return group(element, flags);
    case 'Group':
      return element.modifiers ? undefined : group(element, flags);
    case 'Quantifier':
      return mayBeEmpty(element.element) ? undefined : quantified(element, flags);
    case 'Assertion':
      return isPlain(element, flags) ? element.raw : undefined;
    case 'Backreference':
    case 'ExpressionCharacterClass':
    default:
      return undefined;
  }
}

function group({ alternatives }: AST.Group | AST.CapturingGroup, flags: Flags): string | undefined {
  const inside = rewriteAll(alternatives, flags);
  return inside === undefined ? undefined : `(?:${inside})`;
}

const quantified = ({ element, raw }: AST.Quantifier, flags: Flags): string | undefined =>
  joinAll([rewrite(element, flags), raw.slice(element.raw.length)]);

function mayBeEmpty(element: AST.Element): boolean {
  if (element.type === 'Assertion') return true;
  if (element.type === 'Quantifier') return element.min === 0 || mayBeEmpty(element.element);
  return 'alternatives' in element && element.alternatives.some(({ elements }) => elements.every(mayBeEmpty));
}

// \B matches between surrogate halves, and with the flags i and u, \b knows more word characters than \w.
const isPlain = (assertion: AST.Assertion, { ignoreCase }: Flags): boolean =>
  assertion.kind === 'start' ||
  assertion.kind === 'end' ||
  (assertion.kind === 'word' && !assertion.negate && !ignoreCase);

function characters(
  node: AST.Character | AST.CharacterClass | AST.CharacterSet,
  { ignoreCase, dotAll }: Flags,
): string | undefined {
  const isDot = node.type === 'CharacterSet' && node.kind === 'any';
  const spans = isDot ? complement(dotAll ? [] : LINE_TERMINATORS) : spansOf(node, ignoreCase);
  return spans && codeUnits(spans);
}

const LINE_TERMINATORS: readonly Span[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

function codeUnits(spans: readonly Span[]): string {
  const units = within(spans, [
    [0, 0xd7ff],
    [0xe000, 0xffff],
  ]);
  const pairs = within(spans, [[0x10000, 0x10ffff]]).flatMap(pairsOf);
  if (pairs.length === 0) return unitClass(units);
  return `(?:${[...(units.length > 0 ? [unitClass(units)] : []), ...pairs].join('|')})`;
}

const within = (spans: readonly Span[], bounds: readonly Span[]): Span[] =>
  bounds.flatMap(([least, most]) =>
    spans
      .map(([first, last]): Span => [Math.max(first, least), Math.min(last, most)])
      .filter(([first, last]) => first <= last),
  );

// Pairs with the same high half form one class; all full ranges in between share one.
function pairsOf([first, last]: Span): string[] {
  const [high, low] = halves(first);
  const [lastHigh, lastLow] = halves(last);
  if (high === lastHigh) return [unitClass([[high, high]]) + unitClass([[low, lastLow]])];
  const between =
    high + 1 < lastHigh ? [unitClass([[high + 1, lastHigh - 1]]) + unitClass([LOW_HALVES])] : [];
  return [
    unitClass([[high, high]]) + unitClass([[low, LOW_HALVES[1]]]),
    ...between,
    unitClass([[lastHigh, lastHigh]]) + unitClass([[LOW_HALVES[0], lastLow]]),
  ];
}

const LOW_HALVES: Span = [0xdc00, 0xdfff];

const halves = (codePoint: number): [high: number, low: number] => {
  const pair = String.fromCodePoint(codePoint);
  return [pair.charCodeAt(0), pair.charCodeAt(1)];
};

function unitClass(spans: readonly Span[]): string {
  const [[first, last] = [1, 0], ...others] = spans;
  if (first === last && others.length === 0) return escaped(first);
  return `[${spans.map((span) => span.map(escaped).join('-')).join('')}]`;
}

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

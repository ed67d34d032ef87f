import type { AST } from '@eslint-community/regexpp';

import { listed, spansOf } from './characters.ts';
import { anyPart, foundIn, joined } from './found.ts';
import { inspect } from './parse.ts';
import { assertion, oneOf, type Part, UNKNOWN } from './parts.ts';
import { repeatedRun } from './runs.ts';
import { repeatedTexts } from './texts.ts';

/** What is known about an expression as a whole; undefined if it cannot be parsed. */
export const partOf = (regexp: RegExp): Part | undefined =>
  inspect(regexp, (alternatives) => joined(alternation(alternatives, regexp.ignoreCase), regexp.ignoreCase));

/** Returns the parts of a single alternative; several alternatives become one part. */
function alternation(alternatives: readonly AST.Alternative[], ignoreCase: boolean): Part[] {
  const branches = alternatives.map((alternative) => sequence(alternative, ignoreCase));
  if (branches.length === 1) return branches[0]!;
  return [anyPart(branches.map((branch) => joined(branch, ignoreCase)))];
}

function sequence({ elements }: AST.Alternative, ignoreCase: boolean): Part[] {
  const parts = elements.map((element) => partsOf(element, ignoreCase));
  for (const [i, element] of elements.entries()) {
    if (element.type !== 'Assertion' || !('alternatives' in element) || element.negate) continue;
    parts[i] = [lookAround(element, parts.slice(0, i).flat(), parts.slice(i + 1).flat(), ignoreCase)];
  }
  return parts.flat();
}

/** Number of parts beside a look-around that are joined with its content. */
const NEAR = 16;

// A look-ahead begins where the parts before it end; a look-behind ends where the parts after it begin.
function lookAround(
  { kind, alternatives }: AST.LookaroundAssertion,
  before: readonly Part[],
  after: readonly Part[],
  ignoreCase: boolean,
): Part {
  const seen = alternation(alternatives, ignoreCase);
  const inARow =
    kind === 'lookahead' ? [...before.slice(-NEAR), ...seen] : [...seen, ...after.slice(0, NEAR)];
  return assertion(ignoreCase, foundIn(inARow));
}

function partsOf(element: AST.Element, ignoreCase: boolean): Part[] {
  switch (element.type) {
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet': {
      const spans = spansOf(element, ignoreCase);
      const characters = spans && listed(spans);
      return [characters ? oneOf(characters, ignoreCase) : UNKNOWN];
    }
    case 'CapturingGroup':
      return alternation(element.alternatives, ignoreCase);
    case 'Group':
      return alternation(element.alternatives, caseInside(element, ignoreCase));
    case 'Quantifier':
      return repeated(element, ignoreCase);
    case 'Assertion':
      return [assertion(ignoreCase)];
    case 'Backreference':
    case 'ExpressionCharacterClass':
    default:
      return [UNKNOWN];
  }
}

const caseInside = ({ modifiers }: AST.Group, ignoreCase: boolean): boolean =>
  (ignoreCase || modifiers?.add.ignoreCase === true) && !modifiers?.remove?.ignoreCase;

/** A repetition is expanded at most this many times, into about this many parts. */
const MOST_COPIES = 8;
const MOST_COPIED = 64;

function repeated({ element, min, max }: AST.Quantifier, ignoreCase: boolean): Part[] {
  const parts = partsOf(element, ignoreCase);
  const { inside, ...once } = joined(parts, ignoreCase);
  const texts = once.texts && repeatedTexts(once.texts, min, max);
  const run = (count: number): Part['run'] => once.run && repeatedRun(once.run, count);
  if (texts) return [{ texts, run: run(min), inside: min > 0 ? inside : UNKNOWN.inside }];
  const copies = Math.min(min, MOST_COPIES, Math.max(1, Math.floor(MOST_COPIED / parts.length)));
  const written = Array.from({ length: copies }, () => parts).flat();
  return max > copies ? [...written, { ...UNKNOWN, run: run(min - copies) }] : written;
}

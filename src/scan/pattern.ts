import { MemscanError } from '../errors.ts';
import type { Condition } from './conditions.ts';

/** What a string must hold: exact bytes, or a match of a regular expression in its decoded text. */
export type Pattern =
  | { readonly kind: 'literal'; readonly needle: Buffer }
  | {
      readonly kind: 'regexp';
      readonly regexp: RegExp;
      /** What each string that matches holds, where that is known: only those that do need to be tested. */
      readonly condition?: Condition;
    };

export interface PatternOptions {
  /** Take the pattern literally. */
  readonly fixed?: boolean;
  readonly ignoreCase?: boolean;
  /**
   * Match in linear time what would take exponential time, if linearOf() can. It turns a switch of the whole process:
   * nothing for a library to do unasked.
   */
  readonly linear?: boolean;
}

const SYNTAX = String.raw`$\\.*+?()[\]{}|/^`;
const LITERAL = new RegExp(`^(?:[^${SYNTAX}]|\\\\[${SYNTAX}])*$`, 'u');

/**
 * What the user typed as a pattern: a JavaScript regular expression with the flag `u`, or literal text. Undefined where
 * everything matches. Throws BAD_PATTERN, with the position.
 */
export async function parsePattern(
  text: string,
  { fixed = false, ignoreCase = false, linear = false }: PatternOptions = {},
): Promise<Pattern | undefined> {
  if (text === '') return undefined;
  const literal = fixed ? text : LITERAL.test(text) ? text.replace(/\\(.)/gu, '$1') : undefined;
  if (literal !== undefined && !ignoreCase) return { kind: 'literal', needle: Buffer.from(literal) };
  const regexp = await compile(fixed ? escapeRegExp(text) : text, ignoreCase);
  return withCondition(regexp, linear);
}

/** A regular expression of the user's own. Its flags are kept, `u` is added; `g` and `y` are not. */
export async function patternOf(regexp: RegExp): Promise<Pattern> {
  const flags = regexp.flags.replace(/[gyu]/g, '');
  return withCondition(new RegExp(regexp.source, regexp.unicodeSets ? flags : `${flags}u`), false);
}

/** What strings that match hold. */
export const conditionFor = (pattern: Pattern | undefined): Condition | undefined =>
  pattern?.kind === 'literal'
    ? { needles: [{ bytes: pattern.needle, ignoreCase: false }], isExact: true }
    : pattern?.condition;

/** The only needle of a condition, where that is exact bytes. */
export function soleNeedle(condition: Condition | undefined): Uint8Array | undefined {
  const [needle, ...others] = condition && 'needles' in condition ? condition.needles : [];
  return needle && !needle.ignoreCase && others.length === 0 ? needle.bytes : undefined;
}

async function compile(source: string, ignoreCase: boolean): Promise<RegExp> {
  try {
    return new RegExp(source, ignoreCase ? 'iu' : 'u');
  } catch {
    throw await badPattern(source);
  }
}

// What brings the parser is loaded only where it is needed.
async function withCondition(written: RegExp, linear: boolean): Promise<Pattern> {
  const regexp = (linear && (await import('./linear.ts')).linearOf(written)) || written;
  if (!conditionsEnabled()) return { kind: 'regexp', regexp };
  const condition = (await import('./conditions.ts')).conditionOf(written);
  const needle = condition?.isExact ? soleNeedle(condition) : undefined;
  if (needle) return { kind: 'literal', needle: Buffer.from(needle) };
  return { kind: 'regexp', regexp, ...(condition && { condition }) };
}

/** With MEMSCAN_CONDITIONS=off every string is tested by its regular expression. */
const conditionsEnabled = (): boolean => process.env['MEMSCAN_CONDITIONS'] !== 'off';

// The engine does not say where an expression is wrong; the parser does.
async function badPattern(source: string): Promise<MemscanError> {
  const { RegExpSyntaxError, RegExpValidator } = await import('@eslint-community/regexpp');
  let reason = 'invalid regular expression';
  let where = '';
  try {
    new RegExpValidator().validatePattern(source, 0, source.length, { unicode: true });
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error;
    reason = error.message.replace(/^.*: /s, '').toLowerCase();
    where = ` at character ${error.index + 1}`;
  }
  return new MemscanError(
    'BAD_PATTERN',
    `bad pattern${where}: ${reason}: ${source}`,
    'it is a JavaScript regular expression with the flag u; take it literally with --fixed',
  );
}

const escapeRegExp = (text: string): string => text.replace(new RegExp(`[${SYNTAX}]`, 'gu'), '\\$&');

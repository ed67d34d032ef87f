import { isRegExp } from 'node:util/types';

import { MemscanError } from '../base/errors.ts';
import type { Condition } from './conditions.ts';

/** Something to find in the text of strings. */
export interface Pattern {
  /** The user's text, or the name of a named pattern. */
  readonly name: string;
  /** With flag u or v, or in its linear form; never with g or y. */
  readonly regexp: RegExp;
  /** Every string that matches meets one of these. Empty if no condition is known. */
  readonly conditions: readonly Condition[];
  /** The pattern matches exactly where a condition is met. */
  readonly isLiteral: boolean;
  /** Returns the true end of a piece that the expression matched, or undefined to reject the piece. */
  readonly endOf?: ((text: string, begin: number, end: number) => number | undefined) | undefined;
  /** For patterns that find secrets: returns which part of a secret to hide. */
  readonly hides?: ((secret: string) => Hidden) | undefined;
  /** For patterns that find secrets: matches what may remain of one at the beginning of a text that is cut there, or more. */
  readonly rest?: RegExp | undefined;
  /** Matching one text may take unbounded time. */
  readonly mayTakeLong: boolean;
}

/** Code units of a text: [begin, end). */
export interface Hidden {
  readonly begin: number;
  readonly end: number;
}

export interface PatternOptions {
  /** Take the pattern literally. */
  readonly fixed?: boolean;
  readonly ignoreCase?: boolean;
  /** Match only where no letter, digit or underscore is adjacent. */
  readonly word?: boolean;
  /**
   * Match in linear time where backtracking could take exponential time, if linearOf() supports the expression. This
   * changes a setting of the whole process, so a library must not do it unasked.
   */
  readonly linear?: boolean;
}

const SYNTAX = String.raw`$\\.*+?()[\]{}|/^`;
const LITERAL = new RegExp(`^(?:[^${SYNTAX}]|\\\\[${SYNTAX}])*$`, 'u');

/**
 * Parses a pattern that the user typed: a JavaScript regular expression with the flag `u`, or literal text. Throws
 * BAD_PATTERN, with the position.
 */
export async function parsePattern(text: string, options: PatternOptions = {}): Promise<Pattern> {
  const { fixed = false, ignoreCase = false, word = false } = options;
  const literal = fixed ? text : LITERAL.test(text) ? text.replace(/\\(.)/gu, '$1') : undefined;
  const regexp = await compile(fixed ? escapeRegExp(text) : text, ignoreCase ? 'iu' : 'u', ADVICE_OF_TEXT);
  if (literal !== undefined && literal !== '') return literalPattern(text, literal, regexp, word);
  return expressionPattern(text, word ? asWord(regexp) : regexp, options.linear);
}

/**
 * Takes a regular expression as a pattern. Keeps its flags except `g` and `y`, and adds `u`. Throws BAD_PATTERN: some
 * expressions are valid only without `u`.
 */
export async function patternOf(regexp: RegExp): Promise<Pattern> {
  if (!isRegExp(regexp)) throw new MemscanError('BAD_PATTERN', `bad pattern: ${String(regexp)}`, ADVICE);
  const flags = regexp.flags.replace(/[gyu]/g, '');
  const own = await compile(regexp.source, regexp.unicodeSets ? flags : `${flags}u`, ADVICE);
  return expressionPattern(regexp.source, own);
}

/** Makes a pattern of an expression. Loads the modules that bring the parser only when they are needed. */
export async function expressionPattern(name: string, written: RegExp, linear = false): Promise<Pattern> {
  const forms = linear ? await import('./linear.ts') : undefined;
  const form = forms?.linearOf(written);
  return {
    name,
    regexp: form ?? written,
    conditions: await conditionsFor(written),
    isLiteral: false,
    mayTakeLong: forms !== undefined && !form && forms.mayBacktrack(written),
  };
}

async function literalPattern(
  name: string,
  literal: string,
  regexp: RegExp,
  word: boolean,
): Promise<Pattern> {
  const isPlain = !regexp.ignoreCase && !/\p{Cs}/u.test(literal);
  const needle = { bytes: Buffer.from(literal), ignoreCase: false };
  const plain = conditionsEnabled() ? [{ needles: [needle], isExact: true }] : [];
  const conditions = isPlain ? plain : await conditionsFor(regexp);
  if (!word) return { name, regexp, conditions, isLiteral: true, mayTakeLong: false };
  const inexact = conditions.map((condition) => ({ ...condition, isExact: false }));
  return { name, regexp: asWord(regexp), conditions: inexact, isLiteral: false, mayTakeLong: false };
}

async function conditionsFor(regexp: RegExp): Promise<Condition[]> {
  if (!conditionsEnabled()) return [];
  const condition = (await import('./conditions.ts')).conditionOf(regexp);
  return condition ? [condition] : [];
}

/** With MEMSCAN_CONDITIONS=off, patterns test every string. */
const conditionsEnabled = (): boolean => process.env['MEMSCAN_CONDITIONS'] !== 'off';

const WORD = String.raw`[\p{L}\p{N}_]`;

const asWord = ({ source, flags }: RegExp): RegExp =>
  new RegExp(`(?<!${WORD})(?:${source})(?!${WORD})`, flags);

const ADVICE = 'give text, which is taken literally, or a regular expression that is valid with the flag u';
const ADVICE_OF_TEXT =
  'it is a JavaScript regular expression with the flag u; take it literally with --fixed';

async function compile(source: string, flags: string, advice: string): Promise<RegExp> {
  try {
    return new RegExp(source, flags);
  } catch {
    throw await badPattern(source, advice);
  }
}

// The engine reports no position of an error; the parser does.
async function badPattern(source: string, advice: string): Promise<MemscanError> {
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
  return new MemscanError('BAD_PATTERN', `bad pattern${where}: ${reason}: ${source}`, advice);
}

const escapeRegExp = (text: string): string => text.replace(new RegExp(`[${SYNTAX}]`, 'gu'), '\\$&');

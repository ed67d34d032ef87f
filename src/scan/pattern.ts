import { MemscanError } from '../errors.ts';

/** What a string must hold: exact bytes, or a match of a regular expression in its decoded text. */
export type Pattern =
  | { readonly kind: 'literal'; readonly needle: Buffer }
  | { readonly kind: 'regexp'; readonly regexp: RegExp };

export interface PatternOptions {
  /** Take the pattern literally. */
  readonly fixed?: boolean;
  readonly ignoreCase?: boolean;
}

const SYNTAX = String.raw`$\\.*+?()[\]{}|/^`;
const LITERAL = new RegExp(`^(?:[^${SYNTAX}]|\\\\[${SYNTAX}])*$`, 'u');

/**
 * What the user typed as a pattern: a JavaScript regular expression with the flag `u`, or literal text. Undefined where
 * everything matches. Throws BAD_PATTERN, with the position.
 */
export async function parsePattern(
  text: string,
  { fixed = false, ignoreCase = false }: PatternOptions = {},
): Promise<Pattern | undefined> {
  if (text === '') return undefined;
  const literal = fixed ? text : LITERAL.test(text) ? text.replace(/\\(.)/gu, '$1') : undefined;
  if (literal !== undefined && !ignoreCase) return { kind: 'literal', needle: Buffer.from(literal) };
  return compilePattern(fixed ? escapeRegExp(text) : text, ignoreCase);
}

/** A regular expression of the user's own. Its flags are kept, `u` is added; `g` and `y` are not. */
export function patternOf(regexp: RegExp): Pattern {
  const flags = regexp.flags.replace(/[gyu]/g, '');
  return { kind: 'regexp', regexp: new RegExp(regexp.source, regexp.unicodeSets ? flags : `${flags}u`) };
}

async function compilePattern(source: string, ignoreCase: boolean): Promise<Pattern> {
  try {
    return { kind: 'regexp', regexp: new RegExp(source, ignoreCase ? 'iu' : 'u') };
  } catch {
    throw await badPattern(source);
  }
}

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

import { type AST, RegExpParser } from '@eslint-community/regexpp';

/**
 * Parses an expression with flag u or v and returns what `read` makes of it. Returns undefined if the parser or the
 * stack fails where the engine did not: newer syntax, or groups nested thousands deep.
 */
export function inspect<Result>(
  { source, unicodeSets }: RegExp,
  read: (alternatives: readonly AST.Alternative[]) => Result,
): Result | undefined {
  const mode = unicodeSets ? { unicodeSets: true } : { unicode: true };
  try {
    return read(new RegExpParser().parsePattern(source, 0, source.length, mode).alternatives);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

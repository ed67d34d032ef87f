import { type AST, RegExpParser } from '@eslint-community/regexpp';

/**
 * Looks into an expression of the flag u or v. Undefined where the engine took more than the parser, or the stack, does:
 * newer syntax, groups nested thousands deep.
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

import { MemscanError } from './errors.ts';

// Checks of options' values. All throw BAD_OPTION.

export function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new MemscanError(
    'BAD_OPTION',
    `bad ${name}: ${value}`,
    `give a whole number from ${least} to ${most}`,
  );
}

/** Returns the value if it is one of `words`. */
export function oneOf<Word extends string>(name: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new MemscanError('BAD_OPTION', `bad ${name}: ${value}`, `one of: ${words.join(', ')}`);
}

export function listOf<Item>(name: string, value: readonly Item[]): readonly Item[] {
  if (Array.isArray(value)) return value;
  throw new MemscanError('BAD_OPTION', `bad ${name}: ${String(value)}`, 'give a list');
}

import { PATTERN_NAMES, type PatternName } from '../../scan/named/named.ts';
import type { Mode } from '../../scan/patterns.ts';
import { badOption } from '../arguments.ts';
import { oneOf } from '../values.ts';

/** What strings are looked through for. */
export interface PatternsOptions {
  readonly grep: readonly string[];
  readonly grepFile: readonly string[];
  readonly find: readonly PatternName[];
  readonly mode: Mode;
  readonly fixed: boolean;
  readonly ignoreCase: boolean;
  readonly word: boolean;
}

/** The options, for yargs. */
export const patternOptions = {
  grep: {
    alias: 'g',
    string: true,
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'Keep strings that match PATTERN, a JavaScript regular expression (flag u); again: or this one',
  },
  'grep-file': {
    string: true,
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'The same, of the patterns in FILE (- = stdin), one a line; blank lines and # lines left out',
  },
  find: {
    string: true,
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'Named patterns: url, email, ipv4, …; "list" prints them',
  },
  fixed: { alias: 'F', boolean: true, default: false, describe: 'Take PATTERN literally' },
  'ignore-case': { alias: 'i', boolean: true, default: false, describe: 'Match in either case' },
  word: { alias: 'w', boolean: true, default: false, describe: 'Match whole words' },
  'all-of': { boolean: true, default: false, describe: 'Strings that all patterns match, not any' },
  invert: { alias: 'v', boolean: true, default: false, describe: 'Strings that no pattern matches' },
} as const;

/** In the order of the help. */
export const PATTERN_OPTIONS = [
  'grep',
  'grep-file',
  'find',
  'fixed',
  'ignore-case',
  'word',
  'all-of',
  'invert',
] as const;

/** Those of them that take several values. */
export const PATTERN_LISTS = ['grep', 'grep-file', 'find'] as const;

export interface GivenPatterns {
  readonly grep?: readonly string[] | undefined;
  readonly 'grep-file'?: readonly string[] | undefined;
  readonly find?: readonly string[] | undefined;
  readonly fixed: boolean;
  readonly 'ignore-case': boolean;
  readonly word: boolean;
  readonly 'all-of': boolean;
  readonly invert: boolean;
}

/** Throws BAD_OPTION. */
export function parsePatterns(given: GivenPatterns): PatternsOptions {
  const { grep = [], 'grep-file': grepFile = [], fixed, word, invert } = given;
  const find = namesIn(given.find ?? []).map((name) => oneOf('--find', name, PATTERN_NAMES));
  const hasPattern = grep.length + grepFile.length + find.length > 0;
  if (invert && given['all-of']) throw badOption('--all-of and --invert do not go together');
  if (!hasPattern && invert) throw noPattern('--invert');
  if (!hasPattern && given['all-of']) throw noPattern('--all-of');
  const mode = invert ? 'none' : given['all-of'] ? 'all' : 'any';
  return { grep, grepFile, find: [...new Set(find)], mode, fixed, ignoreCase: given['ignore-case'], word };
}

export const noPattern = (option: string): Error =>
  badOption(`${option} needs a pattern`, 'give one with --grep, --grep-file or --find');

export const namesIn = (lists: readonly string[]): string[] =>
  lists.flatMap((list) => list.split(',')).map((name) => name.trim());

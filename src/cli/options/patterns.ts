import { oneOf } from '../../base/options.ts';
import { PATTERN_NAMES, type PatternName } from '../../scan/named/named.ts';
import type { Mode } from '../../scan/patterns.ts';
import { badOption } from '../arguments.ts';

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

/** The options, for yargs. (Those that take several are no arrays: of these yargs takes no value that is `-`.) */
export const patternOptions = {
  grep: {
    alias: 'g',
    string: true,
    requiresArg: true,
    describe: 'PATTERN: a JavaScript regular expression (flag u); of several, any',
  },
  'grep-file': {
    string: true,
    requiresArg: true,
    describe: 'Patterns of FILE (- = stdin), one a line; # begins a comment',
  },
  find: {
    string: true,
    requiresArg: true,
    describe: 'Named patterns: url, email, … ("list" tells them)',
  },
  fixed: { alias: 'F', boolean: true, default: false, describe: 'Take PATTERN literally' },
  'ignore-case': { alias: 'i', boolean: true, default: false, describe: 'Match in either case' },
  word: { alias: 'w', boolean: true, default: false, describe: 'Match whole words' },
  'all-of': { boolean: true, default: false, describe: 'All patterns match, not any' },
  invert: { alias: 'v', boolean: true, default: false, describe: 'No pattern matches' },
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

/** What was given once, or several times. */
type Given = string | readonly string[] | undefined;

export interface GivenPatterns {
  readonly grep?: Given;
  readonly 'grep-file'?: Given;
  readonly find?: Given;
  readonly fixed: boolean;
  readonly 'ignore-case': boolean;
  readonly word: boolean;
  readonly 'all-of': boolean;
  readonly invert: boolean;
}

/** What says how patterns match. */
const MODIFIERS = ['invert', 'all-of', 'fixed', 'ignore-case', 'word'] as const;

/** Throws BAD_OPTION. */
export function parsePatterns(given: GivenPatterns): PatternsOptions {
  const { fixed, word, invert } = given;
  const grep = listOf(given.grep);
  const grepFile = listOf(given['grep-file']);
  const find = namesIn(given.find).map((name) => oneOf('--find', name, PATTERN_NAMES));
  const hasPattern = grep.length + grepFile.length + find.length > 0;
  if (invert && given['all-of']) throw badOption('--all-of and --invert do not go together');
  const idle = MODIFIERS.find((name) => given[name]);
  if (!hasPattern && idle) throw noPattern(`--${idle}`);
  const mode = invert ? 'none' : given['all-of'] ? 'all' : 'any';
  return { grep, grepFile, find: [...new Set(find)], mode, fixed, ignoreCase: given['ignore-case'], word };
}

export const noPattern = (option: string): Error =>
  badOption(`${option} needs a pattern`, 'give one with --grep, --grep-file or --find');

const listOf = (given: Given): readonly string[] => [given ?? []].flat();

/** The names in lists that have commas between them. */
export const namesIn = (lists: Given): string[] =>
  listOf(lists)
    .flatMap((list) => list.split(','))
    .map((name) => name.trim());

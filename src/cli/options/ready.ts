import type { RegionKind } from '../../memory/region.ts';
import { type Selection, selectionOf } from '../../memory/selection.ts';
import type { PatternName } from '../../scan/named/named.ts';
import type { Bounds } from '../../scan/pace.ts';
import type { PassOptions } from '../../scan/pass.ts';
import type { Mode } from '../../scan/patterns.ts';
import type { ScanOptions } from '../../scan/scan.ts';
import type { BOUNDS } from './bounds.ts';
import type { PATTERNS } from './patterns.ts';
import type { STRINGS } from './strings.ts';
import type { Values } from './table.ts';

import type { WHERE } from './where.ts';

// What options amount to together, made once: commands pass it on as it is.

type Where = (typeof WHERE)[number];
type Bounding = (typeof BOUNDS)[number];

/** What is to be read. */
export function selectionFrom(given: Values<Where>): Selection {
  const { all, range: ranges, only, larger } = given;
  const skip = [...given.skip, ...(given['off-heap'] ? ON_HEAP : [])];
  return selectionOf({
    all,
    ranges,
    only: only.length > 0 ? only : undefined,
    skip: skip.length > 0 ? skip : undefined,
    larger,
  });
}

const ON_HEAP: readonly RegionKind[] = ['java-heap', 'file', 'special'];

/** How much a scan or a dump may take. */
export const boundsFrom = (given: Values<Bounding>): Bounds => ({
  maxRate: given['max-rate'],
  maxCpu: given['max-cpu'],
});

/** A scan of bytes. */
export const passFrom = (given: Values<Where | Bounding | 'jobs'>): PassOptions => ({
  ...selectionFrom(given),
  ...boundsFrom(given),
  ...(given.jobs !== undefined && { jobs: given.jobs }),
});

/** A scan of strings. */
export const scanFrom = (
  given: Values<(typeof STRINGS)[number] | Where | Bounding | 'jobs'>,
): ScanOptions => ({ ...passFrom(given), min: given.min, encoding: given.encoding });

/** Patterns strings are searched for, as they were given. */
export interface PatternsOptions {
  readonly grep: readonly string[];
  /** Paths of files of patterns; `-` is standard input. */
  readonly grepFile: readonly string[];
  readonly find: readonly PatternName[];
  readonly mode: Mode;
  readonly fixed: boolean;
  readonly ignoreCase: boolean;
  readonly word: boolean;
}

export function patternsFrom(given: Values<(typeof PATTERNS)[number]>): PatternsOptions {
  return {
    grep: given.grep,
    grepFile: given['grep-file'],
    find: given.find,
    mode: given.invert ? 'none' : given['all-of'] ? 'all' : 'any',
    fixed: given.fixed,
    ignoreCase: given['ignore-case'],
    word: given.word,
  };
}

export const hasPattern = ({ grep, grepFile, find }: PatternsOptions): boolean =>
  grep.length + grepFile.length + find.length > 0;

/** How many rows a table has: for programs all, for people `rows`, unless --limit says so. */
export const rowsShown = ({ limit, json }: Values<'limit' | 'json'>, rows: number): number =>
  limit ?? (json ? Infinity : rows);

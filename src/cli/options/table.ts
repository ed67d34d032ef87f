import { boundOptions } from './bounds.ts';
import { fileOptions } from './files.ts';
import { hitOptions } from './hits.ts';
import type { Option, ValueOf } from './option.ts';
import { outputOptions } from './output.ts';
import { overviewOptions } from './overview.ts';
import { patternOptions } from './patterns.ts';
import { stringOptions } from './strings.ts';
import { timeOptions } from './times.ts';
import { whereOptions } from './where.ts';

/** Every option of every command, once: an option means the same wherever it is taken. */
const OPTIONS = {
  ...stringOptions,
  ...patternOptions,
  ...hitOptions,
  ...whereOptions,
  ...overviewOptions,
  ...fileOptions,
  ...timeOptions,
  ...outputOptions,
  ...boundOptions,
} as const;

export type OptionName = keyof typeof OPTIONS;

/** The options of a command, parsed: what was given, or the default. */
export type Values<Name extends OptionName> = {
  readonly [Key in Name]: ValueOf<(typeof OPTIONS)[Key]>;
};

/** The options that were given, in their order, with all their values as texts; a flag that is on has none. */
export type Given = ReadonlyMap<OptionName, readonly string[]>;

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

export const optionAt = (key: OptionName): Option => OPTIONS[key];

/** The option's name without dashes. */
export const nameOf = (key: OptionName): string => optionAt(key).name ?? key;

/** The option's name with dashes: `--only`. */
export const dashed = (key: OptionName): string => `--${nameOf(key)}`;

/** The option's names as they are typed, the long one last: `-o`, `--output`. */
export const spellings = (key: OptionName): readonly string[] => {
  const { alias } = optionAt(key);
  return [...(alias === undefined ? [] : [`-${alias}`]), dashed(key)];
};

/** The name of the option's value, as texts have it: `SIZE`; undefined for a flag. */
export function metavarOf(key: OptionName): string | undefined {
  const option = optionAt(key);
  return option.kind === 'flag' ? undefined : option.metavar;
}

export const takesValue = (key: OptionName): boolean => metavarOf(key) !== undefined;

/** The words that the option's value may be, or that it is a file; undefined where neither is known. */
export function valuesOf(key: OptionName): readonly string[] | 'file' | undefined {
  const option = optionAt(key);
  return option.kind === 'flag' ? undefined : option.completes;
}

/** Whether the value may be a list with commas. */
export function hasCommas(key: OptionName): boolean {
  const option = optionAt(key);
  return option.kind !== 'flag' && option.commas === true;
}

/** What more there is to know of the option than its text says, in Markdown. */
export const detailsOf = (key: OptionName): string | undefined => optionAt(key).details;

import { oneOf } from '../../base/option-checks.ts';

/** Everything the command line, --help, the manual, the documents and the completions know of an option. */
export type Option = Flag | Value | List;

interface Described {
  /** Its name without dashes, where the key in the table is another: two options of different commands may share one. */
  readonly name?: string;
  /** A letter that means the same. */
  readonly alias?: string;
  /** For --help, the manual and the completions: one sentence without its full stop. */
  readonly text: string;
  /** What the manual and docs/reference.md add to the text, in Markdown. */
  readonly details?: string;
  readonly conflicts?: readonly Conflict[];
  readonly needs?: Need;
}

/** On or off. */
export interface Flag extends Described {
  readonly kind: 'flag';
}

interface TakesValue extends Described {
  /** The value's name in texts: `SIZE`. */
  readonly metavar: string;
  /** What a shell offers as the value; default nothing. */
  readonly completes?: readonly string[] | 'file';
  /** The value may be a list with commas. */
  readonly commas?: boolean;
  /** Words in place of a value that print a text and do nothing else. */
  readonly answers?: Readonly<Record<string, () => string>>;
  /** How the default reads, where that is not `default` itself. */
  readonly defaultText?: string;
}

/** One value: of several the last counts. */
export interface Value extends TakesValue {
  readonly kind: 'value';
  /** What is parsed where the option is not given. */
  readonly default?: string;
  /** Throws BAD_OPTION; `option` is its name with dashes. */
  readonly parse: (text: string, option: string) => unknown;
}

/** Any number of values, the option given once for each. */
export interface List extends TakesValue {
  readonly kind: 'list';
  readonly default?: undefined;
  /** Takes all that were given, or none. Throws BAD_OPTION; `option` is its name with dashes. */
  readonly parse: (texts: readonly string[], option: string) => unknown;
}

/** Options that are not given together. Names are those of the table. */
export interface Conflict {
  readonly with: readonly string[];
  /** Default `--one and --other do not go together`. */
  readonly message?: string;
  readonly advice: string;
}

/** At least one of some options, which are named as in the table, has to be given, too. */
export interface Need {
  readonly oneOf: readonly string[];
  /** Follows the option's name: `needs a pattern`. */
  readonly message: string;
  readonly advice: string;
}

/** Options by their names without dashes. */
export type Options = Readonly<Record<string, Option>>;

/** What an option's `parse` returns; undefined only where the option has no default and may be left out. */
export type ValueOf<Of> = Of extends Flag
  ? boolean
  : Of extends { readonly kind: 'list'; readonly parse: (...args: never[]) => infer Parsed }
    ? Parsed
    : Of extends { readonly parse: (...args: never[]) => infer Parsed }
      ? Of extends { readonly default: string }
        ? Parsed
        : Parsed | undefined
      : never;

/** One of a few words. */
export const choice = <const Word extends string>(words: readonly Word[]) => ({
  completes: words,
  parse: (text: string, option: string): Word => oneOf(option, text, words),
});

import { optionAt, type OptionName } from './options/table.ts';

/** A command in words: what --help, the manual, the documents and the completions show of it. */
export interface CommandText<Name extends OptionName = OptionName> {
  /** Empty for `memscan <target>`. */
  readonly name: string;
  /** The ways to call it. */
  readonly usage: readonly [string, ...string[]];
  /** A few words for a list of commands. */
  readonly summary: string;
  readonly description: string;
  /** What its arguments that are no options may be: a process, a process or a file, or one of a few words. */
  readonly operands: 'pid' | 'pid or file' | readonly string[];
  /** Its options under titles, in the order of the help. */
  readonly groups: readonly OptionGroup<Name>[];
  /** Texts in place of the table's, where these do not say enough about an option of this command. */
  readonly texts?: { readonly [Key in Name]?: OptionText };
  readonly examples: readonly (readonly [command: string, text: string])[];
  readonly exitStatus: string;
  /** Other commands, which the help of this one lists. */
  readonly others?: readonly CommandText[];
}

export type OptionGroup<Name extends OptionName = OptionName> = readonly [
  title: string,
  options: readonly Name[],
];

export interface OptionText {
  readonly text?: string;
  readonly defaultText?: string;
}

/** All options of the command, in the order of its help. */
export const optionsOf = ({ groups }: CommandText): readonly OptionName[] =>
  groups.flatMap(([, options]) => options);

/** What the option does in this command: one sentence without its full stop. */
export const textOf = ({ texts }: CommandText, key: OptionName): string =>
  texts?.[key]?.text ?? optionAt(key).text;

/** How the option's default reads; undefined where it has none. */
export function defaultOf({ texts }: CommandText, key: OptionName): string | undefined {
  const option = optionAt(key);
  if (option.kind === 'flag') return undefined;
  return texts?.[key]?.defaultText ?? option.defaultText ?? option.default;
}

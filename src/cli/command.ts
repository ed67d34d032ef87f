import { VERSION } from '../base/version.ts';
import { splitArguments } from './arguments.ts';
import { type CommandText, optionsOf } from './command-text.ts';
import type { Privileges } from './commands/drop-privileges.ts';
import { helpText } from './help.ts';
import type { Need } from './options/option.ts';
import { answerTo, parseOptions } from './options/parse.ts';
import { checkNeed } from './options/rules.ts';
import type { Given, OptionName, Values } from './options/table.ts';
import type { Terminal } from './terminal/terminal.ts';

/** A command: its words, how its arguments become ready options, and what runs it. */
interface Definition<Name extends OptionName, Options> extends CommandText<Name> {
  /** What it needs of root's rights; nothing where it loads no addon. */
  readonly privileges?: Privileges;
  /** Options of this command that need others here. */
  readonly needs?: readonly (Need & { readonly options: readonly Name[] })[];
  /** The ready options. Throws BAD_OPTION. */
  readonly parse: (given: Values<Name>, operands: readonly string[]) => Options;
  /** Loads what runs it, and with that the addon: neither help nor a mistake needs them. */
  readonly load: () => Promise<Runner<Options>>;
}

/** Runs a command; `commands` are all there are. Returns whether anything was found. */
type Runner<Options> = (
  options: Options,
  terminal: Terminal,
  commands: readonly CommandText[],
) => Promise<boolean>;

export interface Command extends CommandText {
  /** Understands the arguments behind the command's name. Throws BAD_OPTION and BAD_PATTERN. */
  prepare(args: readonly string[]): Promise<Prepared>;
}

/** A command that is ready to run, or a text to print in its place: help, say. */
export type Prepared = Job | { readonly text: string };

export interface Job {
  readonly privileges: Privileges | undefined;
  /** Others on the machine do not go first. */
  readonly fullSpeed: boolean;
  /** Returns what runs it. */
  readonly load: () => Promise<(terminal: Terminal, commands: readonly CommandText[]) => Promise<boolean>>;
}

export function defineCommand<const Name extends OptionName, Options>(
  definition: Definition<Name, Options>,
): Command {
  const { privileges, needs = [], parse, load, ...words } = definition;
  const command = words as CommandText;
  const keys = optionsOf(command);
  return {
    ...command,
    async prepare(args) {
      const { given, operands } = await splitArguments(keys, args, helpOf(command));
      const text = await textAskedFor(command, given);
      if (text !== undefined) return { text };
      for (const need of needs) checkNeed(need, need.options, given);
      const values = parseOptions(keys, given);
      const options = parse(values as Values<Name>, operands);
      return {
        privileges,
        fullSpeed: values['full-speed'] === true,
        async load() {
          const run = await load();
          return (terminal, commands) => run(options, terminal, commands);
        },
      };
    },
  };
}

/** How its help is asked for. */
const helpOf = ({ name }: CommandText): string => (name === '' ? 'memscan --help' : `memscan ${name} --help`);

async function textAskedFor(command: CommandText, given: Given): Promise<string | undefined> {
  if (given.has('help')) return helpText(command);
  return given.has('version') ? VERSION : answerTo(given);
}

import yargs, { type Argv } from 'yargs';

import { badOption } from './mistake.ts';
import { type Given, nameOf, optionAt, type OptionName } from './options/table.ts';

/** The arguments of a command. */
export interface Arguments {
  readonly given: Given;
  /** Arguments that are not options. */
  readonly operands: readonly string[];
}

/**
 * Takes the arguments apart. Of a flag that was given several times, the last counts. Throws BAD_OPTION where an option is
 * unknown, has no value, or one that it does not take. `help` is how the command's help is asked for.
 */
export async function splitArguments(
  keys: readonly OptionName[],
  args: readonly string[],
  help: string,
): Promise<Arguments> {
  const parsed = await keys.reduce(withOption, newParser(help)).parseAsync([...args]);
  checkFlags(keys, args, help);
  const byName = new Map(keys.map((key) => [nameOf(key), key]));
  const given = Object.entries(parsed).flatMap(([name, value]): [OptionName, string[]][] => {
    const key = byName.get(name);
    return key === undefined ? [] : textsOf(key, value);
  });
  return { given: new Map(given), operands: parsed._.map(String) };
}

const newParser = (help: string): Argv =>
  yargs()
    .locale('en')
    .parserConfiguration({
      'parse-positional-numbers': false,
      'dot-notation': false,
      'boolean-negation': false,
      'camel-case-expansion': false,
    })
    .help(false)
    .version(false)
    .strictOptions()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error?: Error) => {
      throw badOption(inOurWords(message ?? error?.message ?? 'bad options'), `see ${help}`);
    });

// No arrays: of these yargs takes no value that is `-`.
function withOption(parser: Argv, key: OptionName): Argv {
  const { kind, alias } = optionAt(key);
  const type = kind === 'flag' ? { boolean: true } : { string: true, requiresArg: true };
  return parser.option(nameOf(key), { ...type, ...(alias !== undefined && { alias }) });
}

// yargs names options without their dashes.
function inOurWords(message: string): string {
  const [, kind, names] = /^(Not enough arguments following|Unknown arguments?): (.*)$/.exec(message) ?? [];
  if (names === undefined) return message;
  const options = names.split(', ').map((name) => (name.length === 1 ? `-${name}` : `--${name}`));
  return `${kind!.startsWith('Unknown') ? 'unknown option' : 'there is no value for'}: ${options.join(', ')}`;
}

function textsOf(key: OptionName, value: unknown): [OptionName, string[]][] {
  const values = [value].flat();
  if (optionAt(key).kind !== 'flag') return [[key, values.map(String)]];
  return values.at(-1) === true ? [[key, []]] : [];
}

// yargs takes --json=1 for --json=false.
function checkFlags(keys: readonly OptionName[], args: readonly string[], help: string): void {
  const flags = keys.filter((key) => optionAt(key).kind === 'flag');
  const names = new Set(flags.flatMap((key) => [nameOf(key), optionAt(key).alias]));
  const end = args.indexOf('--');
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const [, dashes, given, value] = /^(--?)([^-=][^=]*)=([^]*)$/.exec(arg) ?? [];
    if (given === undefined || value === 'true' || value === 'false') continue;
    if ((dashes === '--' ? [given] : [...given]).every((name) => names.has(name)))
      throw badOption(`${dashes}${given} takes no value: ${value}`, `leave the value out; see ${help}`);
  }
}

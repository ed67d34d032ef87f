import yargs, { type Argv } from 'yargs';

import { MemscanError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';

/** What every command's parser has. */
export function newParser(usage: string): Argv {
  return yargs()
    .scriptName('memscan')
    .locale('en')
    .usage(usage)
    .parserConfiguration({
      'parse-positional-numbers': false,
      'dot-notation': false,
      'boolean-negation': false,
      'camel-case-expansion': false,
    })
    .help()
    .alias('help', 'h')
    .version(VERSION)
    .strictOptions()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error?: Error) => {
      throw badOption(
        inOurWords(message ?? error?.message ?? 'bad options'),
        `see ${commandIn(usage)} --help`,
      );
    });
}

/** `memscan`, or `memscan top`, of how it is used. */
const commandIn = (usage: string): string => /^memscan(?: [a-z]+)?/.exec(usage)![0];

// yargs names options without their dashes.
function inOurWords(message: string): string {
  const [, kind, names] = /^(Not enough arguments following|Unknown arguments?): (.*)$/.exec(message) ?? [];
  if (names === undefined) return message;
  const options = names.split(', ').map((name) => (name.length === 1 ? `-${name}` : `--${name}`));
  return `${kind!.startsWith('Unknown') ? 'unknown option' : 'there is no value for'}: ${options.join(', ')}`;
}

/** What was given: `_` holds the positionals. */
export type Given<Options> = Options & { readonly _: readonly string[] };

/**
 * What was given, or text to print instead (help, version). Of an option that takes one value and was given several
 * times, the last counts; those in `lists` take several. Throws BAD_OPTION.
 */
export async function parseArguments<Options extends object>(
  parser: Argv<Options>,
  args: readonly string[],
  lists: readonly string[],
): Promise<Given<Options> | string> {
  let text = '';
  const parsed = await parser.parseAsync([...args], {}, (_error: unknown, _argv: unknown, output: string) => {
    text = output;
  });
  checkFlags(args, parsed);
  if (parsed['help'] || parsed['version']) return text;
  const single = Object.entries(parsed).filter(
    ([name, value]) => Array.isArray(value) && name !== '_' && !lists.includes(name),
  );
  const last = Object.fromEntries(single.map(([name, value]) => [name, (value as unknown[]).at(-1)]));
  return { ...parsed, ...last, _: parsed._.map(String) } as unknown as Given<Options>;
}

// yargs takes --json=1 for --json=false.
function checkFlags(args: readonly string[], parsed: Readonly<Record<string, unknown>>): void {
  const isFlag = (name: string): boolean => [parsed[name]].flat().some((given) => typeof given === 'boolean');
  const end = args.indexOf('--');
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const [, dashes, names, value] = /^(--?)([^-=][^=]*)=([^]*)$/.exec(arg) ?? [];
    if (names === undefined || value === 'true' || value === 'false') continue;
    if ((dashes === '--' ? [names] : [...names]).every(isFlag)) {
      throw badOption(`${dashes}${names} takes no value: ${value}`, `give ${dashes}${names} alone`);
    }
  }
}

/** The names of the options that a parser was given, the short ones too. To be asked after parseArguments(). */
export function namesGiven(parser: Pick<Argv, 'parsed'>): string[] {
  if (!parser.parsed) return [];
  const { argv, defaulted = {} } = parser.parsed as { argv: object; defaulted?: Record<string, boolean> };
  return Object.entries(argv).flatMap(([name, value]) =>
    value === undefined || defaulted[name] ? [] : name,
  );
}

export const badOption = (message: string, advice = 'see memscan --help'): MemscanError =>
  new MemscanError('BAD_OPTION', message, advice);

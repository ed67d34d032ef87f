import yargs from 'yargs';

import { MemscanError } from '../errors.ts';
import type { Encoding } from '../native.ts';
import type { Range } from '../target/target.ts';
import { VERSION } from '../version.ts';

/** What the command line asks for. */
export interface CommandOptions {
  readonly target: number | string;
  readonly min: number;
  readonly grep: string | undefined;
  readonly fixed: boolean;
  readonly ignoreCase: boolean;
  readonly encoding: Encoding;
  readonly ranges: readonly Range[];
  readonly all: boolean;
  readonly json: boolean;
  readonly count: boolean;
  readonly limit: number;
  readonly maxLength: number;
  readonly address: boolean;
  readonly jobs: number | undefined;
  readonly progress: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseOptions(args: readonly string[]): Promise<CommandOptions | string> {
  let text = '';
  const parser = describe();
  const parsed = await parser.parseAsync([...args], {}, (_error: unknown, _argv: unknown, output: string) => {
    text = output;
  });
  if (parsed['help'] || parsed['version']) return text;
  const given = { ...parsed, ...lastGiven(parsed) };
  return {
    target: parseTarget(parsed._.map(String)),
    min: wholeNumber('--min', given.min, 1),
    grep: given.grep,
    fixed: given.fixed,
    ignoreCase: given['ignore-case'],
    encoding: parseEncoding(given.encoding),
    ranges: parseRanges(given.range ?? []),
    all: given.all,
    json: given.json,
    count: given.count,
    limit: given.limit === undefined ? Infinity : wholeNumber('--limit', given.limit, 1),
    // Text alone is for other programs: whole, unless asked otherwise.
    maxLength: wholeNumber('--max-length', given['max-length'] ?? (given['no-address'] ? '0' : '4096'), 0),
    address: !given['no-address'],
    jobs: given.jobs === undefined ? undefined : wholeNumber('--jobs', given.jobs, 1, 1024),
    progress: !given['no-progress'],
    color: parseColor(given.color),
  };
}

function describe() {
  return yargs()
    .scriptName('memscan')
    .locale('en')
    .usage(
      'memscan <target> [options]\n\nFinds text in the memory of a live process (a pid), without stopping it, or in a file.',
    )
    .example('memscan 4711 --grep websocket', 'strings that hold "websocket"')
    .example('memscan 4711 -g \'"unread":\\d{3,}\' --json', 'a regular expression; one JSON object a line')
    .example('memscan 4711 --count', 'how many strings there are')
    .options({
      min: {
        alias: 'n',
        string: true,
        default: '10',
        defaultDescription: '10',
        requiresArg: true,
        describe: 'Shortest string, in characters',
      },
      grep: {
        alias: 'g',
        string: true,
        requiresArg: true,
        describe: 'Keep strings that match PATTERN, a JavaScript regular expression (flag u)',
      },
      fixed: { alias: 'F', boolean: true, default: false, describe: 'Take PATTERN literally' },
      'ignore-case': { alias: 'i', boolean: true, default: false, describe: 'Match in either case' },
      encoding: {
        string: true,
        default: 'utf8',
        defaultDescription: 'utf8',
        requiresArg: true,
        describe: 'ascii, or utf8 (ASCII is part of it)',
      },
      range: {
        string: true,
        array: true,
        requiresArg: true,
        nargs: 1,
        describe: 'Only addresses START-END, in hexadecimal (of a file: offsets); may be given several times',
      },
      all: {
        boolean: true,
        default: false,
        describe: "File-backed pages too; default: the process's own memory, anonymous and shared",
      },
      json: { boolean: true, default: false, describe: 'One JSON object a line' },
      count: { alias: 'c', boolean: true, default: false, describe: 'Only the number of strings' },
      limit: { string: true, requiresArg: true, describe: 'Stop after N strings' },
      'max-length': {
        string: true,
        requiresArg: true,
        describe: 'Longest text shown, in characters, the match in view; 0 = no limit',
        defaultDescription: '4096, with --no-address 0',
      },
      'no-address': { boolean: true, default: false, describe: 'Text alone' },
      jobs: {
        string: true,
        requiresArg: true,
        describe: 'Chunk jobs in flight',
        defaultDescription: 'two for each CPU',
      },
      'no-progress': { boolean: true, default: false, describe: 'No progress bar and no summary on stderr' },
      color: {
        string: true,
        default: 'auto',
        defaultDescription: 'auto',
        requiresArg: true,
        describe: 'auto, always or never',
      },
    })
    .group(['min', 'encoding', 'grep', 'fixed', 'ignore-case'], 'What to find:')
    .group(['range', 'all'], 'Where:')
    .group(['json', 'count', 'limit', 'max-length', 'no-address', 'color', 'no-progress'], 'Output:')
    .group(['jobs', 'help', 'version'], 'Other:')
    .epilogue('Exit status: 0 found, 1 nothing found, 2 error.')
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
      throw badOption(message ?? error?.message ?? 'bad options');
    });
}

/** Options that take one value: where one is given several times, the last counts. */
function lastGiven<Parsed extends object>(parsed: Parsed): Partial<Parsed> {
  const lists = Object.entries(parsed).filter(
    ([name, value]) => Array.isArray(value) && !['_', 'range'].includes(name),
  );
  return Object.fromEntries(
    lists.map(([name, value]) => [name, (value as unknown[]).at(-1)]),
  ) as Partial<Parsed>;
}

export const badOption = (message: string, advice = 'see memscan --help'): MemscanError =>
  new MemscanError('BAD_OPTION', message, advice);

export function parseTarget(positionals: readonly string[]): number | string {
  const [target, extra] = positionals;
  if (target === undefined || target === '') {
    throw badOption('no target given', 'memscan <pid or file> [options]; see memscan --help');
  }
  if (extra !== undefined) throw badOption(`one target at a time, but there is also: ${extra}`);
  return /^\d+$/.test(target) ? Number(target) : target;
}

function wholeNumber(option: string, text: string, least: number, most = 2 ** 31 - 1): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw badOption(`bad ${option}: ${text}`, `give a whole number from ${least} to ${most}`);
}

function parseEncoding(list: string): Encoding {
  const names = list.split(',').map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => name !== 'ascii' && name !== 'utf8' && name !== 'utf-8');
  if (unknown !== undefined) throw badOption(`unknown encoding: ${unknown}`, 'one of: ascii, utf8');
  return names.every((name) => name === 'ascii') ? 'ascii' : 'utf8';
}

function parseColor(color: string): CommandOptions['color'] {
  if (color === 'auto' || color === 'always' || color === 'never') return color;
  throw badOption(`bad --color: ${color}`, 'one of: auto, always, never');
}

export const parseRanges = (texts: readonly string[]): Range[] =>
  texts.flatMap((text) => text.split(',')).map(parseRange);

function parseRange(text: string): Range {
  const match = /^(?:0x)?([0-9a-f]{1,16})-(?:0x)?([0-9a-f]{1,16})$/i.exec(text.trim());
  const [start, end] = match ? [BigInt(`0x${match[1]!}`), BigInt(`0x${match[2]!}`)] : [0n, 0n];
  if (start < end) return { start, end };
  throw badOption(
    `bad --range: ${text}`,
    'give START-END in hexadecimal, START below END: 0x7f5c00000000-0x7f5c04000000',
  );
}

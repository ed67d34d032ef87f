import type { Encoding } from '../../native.ts';
import type { Selection } from '../../target/target.ts';
import { newParser, parseArguments } from '../arguments.ts';
import { CHOOSING, CHOOSING_LISTS, choosingOptions, parseChoice } from '../choosing.ts';
import { oneOf, parseEncoding, parseTarget, wholeNumber } from '../values.ts';

/** What `memscan <target>` is asked for. */
export interface StringsOptions extends Selection {
  readonly target: number | string;
  readonly min: number;
  readonly grep: string | undefined;
  readonly fixed: boolean;
  readonly ignoreCase: boolean;
  readonly encoding: Encoding;
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
export async function parseStrings(args: readonly string[]): Promise<StringsOptions | string> {
  const given = await parseArguments(describe(), args, CHOOSING_LISTS);
  if (typeof given === 'string') return given;
  return {
    ...parseChoice(given),
    target: parseTarget(given._, 'memscan <pid or file> [options]; see memscan --help'),
    min: wholeNumber('--min', given.min, 1),
    grep: given.grep,
    fixed: given.fixed,
    ignoreCase: given['ignore-case'],
    encoding: parseEncoding(given.encoding),
    all: given.all,
    json: given.json,
    count: given.count,
    limit: wholeNumber('--limit', given.limit ?? '0', 0) || Infinity,
    // Text alone is for other programs: whole, unless asked otherwise.
    maxLength: wholeNumber('--max-length', given['max-length'] ?? (given['no-address'] ? '0' : '4096'), 0),
    address: !given['no-address'],
    jobs: given.jobs === undefined ? undefined : wholeNumber('--jobs', given.jobs, 1, 1024),
    progress: !given['no-progress'],
    color: oneOf('--color', given.color, ['auto', 'always', 'never']),
  };
}

const USAGE = `memscan <target> [options]    the text in its memory
memscan top <target>          what fills it: content by families of one shape
memscan maps <pid>            its regions: what they are, and what they take
memscan dump <pid> -o FILE    its memory, as a core or as bytes

Finds text in the memory of a live process (a pid), without stopping it, or in a core or any other file.`;

function describe() {
  return newParser(USAGE)
    .example('memscan 4711 --grep websocket', 'strings that hold "websocket"')
    .example('memscan 4711 -g \'"unread":\\d{3,}\' --json', 'a regular expression; one JSON object a line')
    .example('memscan 4711 --off-heap --count', 'how many strings there are outside the Java heap')
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
      ...choosingOptions,
      all: {
        boolean: true,
        default: false,
        describe: "File-backed pages too; default: the process's own memory, anonymous and shared",
      },
      json: { boolean: true, default: false, describe: 'One JSON object a line' },
      count: { alias: 'c', boolean: true, default: false, describe: 'Only the number of strings' },
      limit: { string: true, requiresArg: true, describe: 'Stop after N strings; 0 = all' },
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
    .group([...CHOOSING, 'all'], 'Where:')
    .group(['json', 'count', 'limit', 'max-length', 'no-address', 'color', 'no-progress'], 'Output:')
    .group(['jobs', 'help', 'version'], 'Other:')
    .epilogue('Exit status: 0 found, 1 nothing found, 2 error.');
}

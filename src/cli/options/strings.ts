import type { Encoding } from '../../base/encodings.ts';
import { oneOf } from '../../base/options.ts';
import type { Selection } from '../../memory/selection.ts';
import { badOption, newParser, parseArguments } from '../arguments.ts';
import { BOUNDING, boundingOptions, type CommandBounds, parseBounds } from '../bounding.ts';
import { CHOOSING, CHOOSING_LISTS, choosingOptions, parseChoice } from '../choosing.ts';
import {
  allOption,
  colorOption,
  COLORS,
  encodingOption,
  jobsOption,
  jsonOption,
  minOption,
  noProgressOption,
  parseJobs,
  showSecretsOption,
} from '../common.ts';
import type { ContextOptions } from '../context.ts';
import { parseEncodings, parseSize, parseTarget, wholeNumber } from '../values.ts';
import { namedList } from './named.ts';
import {
  namesIn,
  noPattern,
  parsePatterns,
  PATTERN_LISTS,
  PATTERN_OPTIONS,
  patternOptions,
  type PatternsOptions,
} from './patterns.ts';

/** What `memscan <target>` is asked for. */
export interface StringsOptions extends Selection, PatternsOptions, CommandBounds {
  readonly target: number | string;
  readonly min: number;
  readonly encoding: readonly Encoding[];
  readonly json: boolean;
  readonly count: boolean;
  readonly counts: boolean;
  readonly onlyMatching: boolean;
  readonly context: ContextOptions | undefined;
  readonly showSecrets: boolean;
  readonly limit: number;
  readonly maxLength: number;
  readonly address: boolean;
  readonly jobs: number | undefined;
  readonly progress: boolean;
  readonly color: (typeof COLORS)[number];
}

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseStrings(args: readonly string[]): Promise<StringsOptions | string> {
  const given = await parseArguments(describe(), args, [...CHOOSING_LISTS, ...PATTERN_LISTS]);
  if (typeof given === 'string') return given;
  if (namesIn(given.find).includes('list')) return namedList();
  const patterns = parsePatterns(given);
  checkMatches(given, patterns);
  return {
    ...parseChoice(given),
    ...patterns,
    ...parseBounds(given),
    target: parseTarget(given._, 'memscan <pid or file> [options]; see memscan --help'),
    min: wholeNumber('--min', given.min, 1),
    encoding: parseEncodings(given.encoding),
    all: given.all,
    json: given.json,
    count: given.count,
    counts: given.counts,
    onlyMatching: given['only-matching'],
    context: parseContext(given),
    showSecrets: given['show-secrets'],
    limit: wholeNumber('--limit', given.limit ?? '0', 0) || Infinity,
    // Text alone is for other programs: whole, unless asked otherwise.
    maxLength: wholeNumber('--max-length', given['max-length'] ?? (given['no-address'] ? '0' : '4096'), 0),
    address: !given['no-address'],
    jobs: parseJobs(given.jobs),
    progress: !given['no-progress'],
    color: oneOf('--color', given.color, COLORS),
  };
}

/** What tells of matches needs some. */
function checkMatches(
  given: { readonly 'only-matching': boolean; readonly counts: boolean; readonly count: boolean },
  { grep, grepFile, find, mode }: PatternsOptions,
): void {
  const asked = given.counts ? '--counts' : given['only-matching'] ? '--only-matching' : undefined;
  if (given.counts && given.count) throw badOption('--counts and --count do not go together');
  if (asked === undefined) return;
  if (grep.length + grepFile.length + find.length === 0) throw noPattern(asked);
  if (mode === 'none') throw badOption(`${asked} and --invert do not go together: there are no matches`);
}

const MOST_CONTEXT = 1 << 16;

interface GivenContext {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly context?: string | undefined;
  readonly hexdump: boolean;
}

function parseContext({ after, before, context, hexdump }: GivenContext): ContextOptions | undefined {
  const sides = { before: before ?? context, after: after ?? context };
  if (sides.before === undefined && sides.after === undefined) {
    if (hexdump) throw badOption('--hexdump shows the memory around hits', 'say how much of it: -C 64');
    return undefined;
  }
  return {
    before: contextSize(before === undefined ? '--context' : '--before', sides.before),
    after: contextSize(after === undefined ? '--context' : '--after', sides.after),
    hexdump,
  };
}

function contextSize(option: string, text = '0'): number {
  const size = parseSize(option, text);
  if (size <= MOST_CONTEXT) return size;
  throw badOption(`bad ${option}: ${text}`, 'give at most 64K');
}

const USAGE = `memscan <target> [options]      the text in its memory
memscan top <target>            what fills it: strings by families of one shape
memscan snapshot <target> -o F  keeps what fills it, to compare it later
memscan diff A B                what grew between two snapshots
memscan watch <pid>             what grows in it, again and again
memscan maps <target>           its regions: what they are, and what they take
memscan dump <pid> -o FILE      its memory, as a core or as bytes
memscan doctor [pid]            what may be read here, and why not
memscan completion bash|zsh     what makes the shell complete all that

Finds text in the memory of a live process (a pid), without stopping it, or in a core or any other file.`;

/** The parser of all its options; --hex and --pointers-to are parseHits()'s. */
export function describe() {
  return newParser(USAGE)
    .example('memscan 4711 --grep websocket', 'strings that hold "websocket"')
    .example('memscan 4711 -g \'"unread":\\d{3,}\' --json', 'a regular expression; one JSON object a line')
    .example("memscan 4711 --hex '1f 8b ?? 08'", 'bytes: what gzip begins with')
    .example('memscan 4711 --off-heap --count', 'how many strings there are outside the Java heap')
    .options({
      min: minOption,
      ...patternOptions,
      encoding: encodingOption,
      hex: {
        string: true,
        array: true,
        requiresArg: true,
        nargs: 1,
        describe:
          'In place of strings: bytes anywhere in memory, in hexadecimal, ? for any digit; may be given several times',
      },
      'pointers-to': {
        string: true,
        requiresArg: true,
        describe:
          'In place of strings: aligned 8-byte values that point to ADDR, or into START-END: who refers to it',
      },
      ...choosingOptions,
      all: allOption,
      json: jsonOption,
      'only-matching': {
        alias: 'o',
        boolean: true,
        default: false,
        describe: 'Each match by itself, with its own address',
      },
      count: { alias: 'c', boolean: true, default: false, describe: 'Only the number of strings' },
      counts: {
        boolean: true,
        default: false,
        describe: 'Only what each pattern found, as a table',
      },
      after: {
        alias: 'A',
        string: true,
        requiresArg: true,
        describe: 'Memory after each hit, in bytes (64, 4K)',
      },
      before: { alias: 'B', string: true, requiresArg: true, describe: 'Memory before each hit' },
      context: { alias: 'C', string: true, requiresArg: true, describe: 'Both' },
      hexdump: { boolean: true, default: false, describe: 'That memory in hexadecimal, 16 bytes a line' },
      'show-secrets': showSecretsOption,
      limit: { string: true, requiresArg: true, describe: 'Stop after N strings; 0 = all' },
      'max-length': {
        string: true,
        requiresArg: true,
        describe: 'Longest text shown, in characters, the match in view; 0 = no limit',
        defaultDescription: '4096, with --no-address 0',
      },
      'no-address': { boolean: true, default: false, describe: 'Text alone' },
      ...boundingOptions,
      jobs: jobsOption,
      'no-progress': noProgressOption,
      color: colorOption,
    })
    .group(['min', 'encoding'], 'Which strings:')
    .group([...PATTERN_OPTIONS], 'What is found in them (keeps the strings that match):')
    .group(['hex', 'pointers-to'], 'Or:')
    .group([...CHOOSING, 'all'], 'Where:')
    .group(
      ['only-matching', 'count', 'counts', 'after', 'before', 'context', 'hexdump', 'show-secrets'],
      'What is shown of it:',
    )
    .group(['json', 'limit', 'max-length', 'no-address', 'color', 'no-progress'], 'Output:')
    .group([...BOUNDING, 'jobs'], 'What it may take:')
    .group(['help', 'version'], 'Other:')
    .epilogue('Exit status: 0 found, 1 nothing found, 2 error, 130 interrupted.');
}

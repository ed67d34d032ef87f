import type { Encoding } from '../../base/encodings.ts';
import { oneOf } from '../../base/options.ts';
import type { GrowthAsked } from '../../content/growth.ts';
import type { Selection } from '../../memory/selection.ts';
import { newParser, parseArguments } from '../arguments.ts';
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
import { parseEncodings, parseTarget, wholeNumber } from '../values.ts';
import { afterOption, parseGrowth } from './growth.ts';
import { type Method, methodOf, methodOptions } from './method.ts';
import { namedList } from './named.ts';
import {
  namesIn,
  parsePatterns,
  PATTERN_LISTS,
  PATTERN_OPTIONS,
  patternOptions,
  type PatternsOptions,
} from './patterns.ts';

export const FAMILY_ORDERS = ['bytes', 'count', 'growth'] as const;

/** What `memscan top` is asked for. */
export interface TopOptions extends Selection, PatternsOptions, CommandBounds {
  readonly target: number | string;
  readonly min: number;
  readonly encoding: readonly Encoding[];
  readonly limit: number;
  readonly by: (typeof FAMILY_ORDERS)[number];
  readonly showSecrets: boolean;
  /** With `by` growth alone. */
  readonly growth: GrowthAsked | undefined;
  readonly json: boolean;
  readonly method: Method;
  readonly jobs: number | undefined;
  readonly progress: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

const FAMILIES_SHOWN = 10;

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseTopOptions(args: readonly string[]): Promise<TopOptions | string> {
  const given = await parseArguments(describe(), args, [...CHOOSING_LISTS, ...PATTERN_LISTS]);
  if (typeof given === 'string') return given;
  if (namesIn(given.find).includes('list')) return namedList();
  const patterns = parsePatterns(given);
  const encoding = parseEncodings(given.encoding);
  return {
    ...parseChoice(given),
    ...patterns,
    ...parseBounds(given),
    all: given.all,
    target: parseTarget(given._, 'memscan top <pid or file> [options]; see memscan top --help'),
    min: wholeNumber('--min', given.min, 1),
    encoding,
    limit: wholeNumber('--limit', given.limit ?? (given.json ? '0' : String(FAMILIES_SHOWN)), 0) || Infinity,
    by: oneOf('--by', given.by, FAMILY_ORDERS),
    showSecrets: given['show-secrets'],
    growth: parseGrowth(given),
    json: given.json,
    method: methodOf(given, patterns, encoding),
    jobs: parseJobs(given.jobs),
    progress: !given['no-progress'],
    color: oneOf('--color', given.color, COLORS),
  };
}

const USAGE = `memscan top <target> [options]

Names what fills the memory of a live process (a pid), a core or any other file: pages by what they hold, and strings by families of one shape, in which <n>, <str> and the like stand for what differs.`;

/** The parser of its options. */
export const describe = () =>
  newParser(USAGE)
    .example('memscan top 4711', 'the families that take most')
    .example('memscan top 4711 --off-heap', 'what a JVM holds outside its heap')
    .example('memscan top 4711 --sample', 'about that, of a process of any size, at once')
    .example('memscan top 4711 --grep websocket', 'families of strings that hold "websocket"')
    .options({
      min: minOption,
      encoding: encodingOption,
      ...patternOptions,
      ...choosingOptions,
      ...boundingOptions,
      all: allOption,
      limit: {
        string: true,
        requiresArg: true,
        describe: 'Families shown, of 0.1 % of the text at least; 0 = all',
        defaultDescription: `${FAMILIES_SHOWN}, with --json all`,
      },
      by: {
        string: true,
        default: 'bytes',
        defaultDescription: 'bytes',
        requiresArg: true,
        describe: 'bytes of text, count of strings, or growth a minute, of a live process',
      },
      ...methodOptions,
      'show-secrets': showSecretsOption,
      after: afterOption,
      json: jsonOption,
      jobs: jobsOption,
      'no-progress': noProgressOption,
      color: colorOption,
    })
    .group(['min', 'encoding', ...PATTERN_OPTIONS], 'Which strings:')
    .group([...CHOOSING, 'all'], 'Where:')
    .group(['sample', 'exact'], 'How:')
    .group(['limit', 'by', 'after', 'show-secrets', 'json', 'color', 'no-progress'], 'Output:')
    .group([...BOUNDING, 'jobs'], 'What it may take:')
    .group(['help', 'version'], 'Other:')
    .epilogue('Exit status: 0 found, 1 nothing found, 2 error.');

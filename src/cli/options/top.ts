import { MOST_SAMPLE_MIN } from '../../content/sample-draw.ts';
import type { Selection } from '../../target/target.ts';
import { badOption, newParser, parseArguments } from '../arguments.ts';
import { BOUNDING, boundingOptions, type CommandBounds, parseBounds } from '../bounding.ts';
import { CHOOSING, CHOOSING_LISTS, choosingOptions, parseChoice } from '../choosing.ts';
import {
  COLORS,
  FAMILY_ENCODINGS,
  allOption,
  colorOption,
  familyEncodingOption,
  jobsOption,
  jsonOption,
  minOption,
  noProgressOption,
  parseJobs,
} from '../common.ts';
import { oneOf, parseTarget, wholeNumber } from '../values.ts';
import { namedList } from './named.ts';
import {
  namesIn,
  parsePatterns,
  PATTERN_LISTS,
  PATTERN_OPTIONS,
  patternOptions,
  type PatternsOptions,
} from './patterns.ts';

export const FAMILY_ORDERS = ['bytes', 'count'] as const;

/** What `memscan top` is asked for. */
export interface TopOptions extends Selection, PatternsOptions, CommandBounds {
  readonly target: number | string;
  readonly min: number;
  readonly encoding: (typeof FAMILY_ENCODINGS)[number];
  readonly limit: number;
  readonly by: (typeof FAMILY_ORDERS)[number];
  readonly json: boolean;
  /** `both`: on a terminal the sample's answer first, and the exact one in its place. */
  readonly method: 'exact' | 'sample' | 'both';
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
  return {
    ...parseChoice(given),
    ...patterns,
    ...parseBounds(given),
    all: given.all,
    target: parseTarget(given._, 'memscan top <pid or file> [options]; see memscan top --help'),
    min: wholeNumber('--min', given.min, 1),
    encoding: oneOf('--encoding', given.encoding, FAMILY_ENCODINGS),
    limit: wholeNumber('--limit', given.limit ?? (given.json ? '0' : String(FAMILIES_SHOWN)), 0) || Infinity,
    by: oneOf('--by', given.by, FAMILY_ORDERS),
    json: given.json,
    method: methodOf(given, patterns),
    jobs: parseJobs(given.jobs),
    progress: !given['no-progress'],
    color: oneOf('--color', given.color, COLORS),
  };
}

interface GivenMethod {
  readonly exact: boolean;
  readonly sample: boolean;
  readonly json: boolean;
  readonly min: string;
}

/** Throws BAD_OPTION where a sample is asked for that there cannot be. */
function methodOf(
  { exact, sample, json, min }: GivenMethod,
  patterns: PatternsOptions,
): TopOptions['method'] {
  const hasPattern = [patterns.grep, patterns.grepFile, patterns.find].some(({ length }) => length > 0);
  if (exact && sample) throw badOption('--exact is given, and --sample too', 'give one of them');
  if (sample && hasPattern) {
    throw badOption(
      '--sample knows no patterns',
      'leave --sample out: few strings that match would be in it',
    );
  }
  if (sample) wholeNumber('--min with --sample', min, 1, MOST_SAMPLE_MIN);
  const isKnown = !exact && !json && !hasPattern && Number(min) <= MOST_SAMPLE_MIN;
  return sample ? 'sample' : isKnown ? 'both' : 'exact';
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
      encoding: familyEncodingOption,
      ...patternOptions,
      ...choosingOptions,
      ...boundingOptions,
      all: allOption,
      limit: {
        string: true,
        requiresArg: true,
        describe: 'Families shown; 0 = all',
        defaultDescription: `${FAMILIES_SHOWN}, with --json all`,
      },
      by: {
        string: true,
        default: 'bytes',
        defaultDescription: 'bytes',
        requiresArg: true,
        describe: 'bytes of text, or count of strings',
      },
      sample: {
        boolean: true,
        default: false,
        describe: 'By a sample of pages, within half a second: shares with what they may be off by',
      },
      exact: {
        boolean: true,
        default: false,
        describe: 'By all pages at once; on a terminal, a sample tells first what is about there',
      },
      json: jsonOption,
      jobs: jobsOption,
      'no-progress': noProgressOption,
      color: colorOption,
    })
    .group(['min', 'encoding', ...PATTERN_OPTIONS], 'Which strings:')
    .group([...CHOOSING, 'all'], 'Where:')
    .group(['sample', 'exact'], 'How:')
    .group(['limit', 'by', 'json', 'color', 'no-progress'], 'Output:')
    .group([...BOUNDING, 'jobs'], 'What it may take:')
    .group(['help', 'version'], 'Other:')
    .epilogue('Exit status: 0 found, 1 nothing found, 2 error.');

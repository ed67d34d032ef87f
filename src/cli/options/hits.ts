import { oneOf } from '../../base/options.ts';
import type { Selection } from '../../memory/selection.ts';
import type { PlaceWanted } from '../../native/places.ts';
import { parseBytes } from '../../scan/byte-pattern.ts';
import { badOption, namesGiven, parseArguments } from '../arguments.ts';
import { BOUNDING, type CommandBounds, parseBounds } from '../bounding.ts';
import { CHOOSING, CHOOSING_LISTS, parseChoice } from '../choosing.ts';
import { COLORS, parseJobs } from '../common.ts';
import { parsePointedTo, parseTarget, wholeNumber } from '../values.ts';
import { describe } from './strings.ts';

/** What `memscan <target> --hex …` and `memscan <target> --pointers-to …` are asked for. */
export interface HitsOptions extends Selection, CommandBounds {
  readonly target: number | string;
  readonly wanted: PlaceWanted;
  readonly json: boolean;
  readonly count: boolean;
  readonly limit: number;
  readonly jobs: number | undefined;
  readonly progress: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Whether it is not strings that are looked for. */
export function asksForHits(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => /^--(?:hex|pointers-to)(?:=|$)/.test(arg));
}

/** The options, or text to print instead (help, version). Throws BAD_OPTION and BAD_PATTERN. */
export async function parseHits(args: readonly string[]): Promise<HitsOptions | string> {
  const parser = describe();
  const given = await parseArguments(parser, args, [...CHOOSING_LISTS, 'hex']);
  if (typeof given === 'string') return given;
  checkTogether(namesGiven(parser));
  const { hex, 'pointers-to': pointers = '' } = given;
  return {
    ...parseChoice(given),
    ...parseBounds(given),
    target: parseTarget(given._, 'memscan <pid or file> [options]; see memscan --help'),
    wanted: hex ? { patterns: hex.map(parseBytes) } : { pointers: parsePointedTo(pointers) },
    all: given.all,
    json: given.json,
    count: given.count,
    limit: wholeNumber('--limit', given.limit ?? '0', 0) || Infinity,
    jobs: parseJobs(given.jobs),
    progress: !given['no-progress'],
    color: oneOf('--color', given.color, COLORS),
  };
}

/** What is not about strings. */
const ALLOWED: readonly string[] = [
  ...CHOOSING,
  'all',
  'json',
  'count',
  'limit',
  'color',
  'no-progress',
  'jobs',
  ...BOUNDING,
];

function checkTogether(names: readonly string[]): void {
  const [asked, other] = names.filter((name) => name === 'hex' || name === 'pointers-to');
  if (other !== undefined) throw apart(asked!, other, 'run memscan for each');
  const wrong = names.find((name) => /^[a-z].+/.test(name) && name !== asked && !ALLOWED.includes(name));
  if (wrong !== undefined)
    throw apart(asked!, wrong, `--${asked} looks at all bytes, not at strings; it takes: ${TAKEN}`);
}

const TAKEN = ALLOWED.map((name) => `--${name}`).join(', ');

const apart = (one: string, other: string, advice: string): Error =>
  badOption(`--${one} and --${other} do not go together`, advice);

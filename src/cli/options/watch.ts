import type { SnapshotOptions } from '../../content/snapshot.ts';
import { badOption, newParser, parseArguments } from '../arguments.ts';
import { BOUNDING } from '../bounding.ts';
import { CHOOSING_LISTS } from '../choosing.ts';
import { jsonOption } from '../common.ts';
import { parseSnapshot, SNAPSHOT_OPTIONS, snapshotOptions } from '../snapshot-options.ts';
import { parseDuration, parseOutput, parseTarget, wholeNumber } from '../values.ts';

/** Where rounds are kept. */
export interface RoundsKept {
  readonly path: string;
  readonly force: boolean;
  readonly samples: boolean;
}

/** What `memscan watch` is asked for. */
export interface WatchOptions {
  readonly pid: number;
  /** Milliseconds. */
  readonly every: number;
  readonly duration: number | undefined;
  readonly snapshot: SnapshotOptions;
  readonly kept: RoundsKept | undefined;
  /** Rows of each table. */
  readonly limit: number;
  readonly json: boolean;
  /** See CommandBounds. */
  readonly fullSpeed: boolean;
}

const EVERY = '30s';
const ROWS_SHOWN = 10;

const ADVICE = 'memscan watch <pid> [options]; see memscan watch --help';

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseWatchOptions(args: readonly string[]): Promise<WatchOptions | string> {
  const given = await parseArguments(describe(), args, CHOOSING_LISTS);
  if (typeof given === 'string') return given;
  return {
    pid: onePid(given._),
    every: parseDuration('--every', given.every),
    duration: given.for === undefined ? undefined : parseDuration('--for', given.for),
    snapshot: parseSnapshot(given),
    kept: parseKept(given),
    limit: wholeNumber('--limit', given.limit ?? (given.json ? '0' : String(ROWS_SHOWN)), 0) || Infinity,
    json: given.json,
    fullSpeed: given['full-speed'],
  };
}

function onePid(positionals: readonly string[]): number {
  const target = parseTarget(positionals, ADVICE);
  if (typeof target === 'number') return target;
  throw badOption(`only a live process can be watched: ${target} is none`, ADVICE);
}

interface GivenFile {
  readonly output?: string | undefined;
  readonly force: boolean;
  readonly 'no-samples': boolean;
}

function parseKept({ output, force, 'no-samples': noSamples }: GivenFile): RoundsKept | undefined {
  if (output === undefined && !force && !noSamples) return undefined;
  return { path: parseOutput(output, 'what was seen'), force, samples: !noSamples };
}

const USAGE = `memscan watch <pid> [options]

Looks at a live process again and again, and prints a line each time: what it takes, and what grew most; at the end (of --for, of the process, or on Ctrl-C) what grew from the first look to the last, as memscan diff does.`;

export const describe = () =>
  newParser(USAGE)
    .example('memscan watch 4711', 'every 30 s, until Ctrl-C')
    .example(
      'memscan watch 4711 --every 5m --for 24h -o rounds',
      'keeps what it saw; then: memscan diff rounds',
    )
    .options({
      every: {
        string: true,
        default: EVERY,
        defaultDescription: EVERY,
        requiresArg: true,
        describe:
          'From the beginning of one round to the next: 30s, 5m; one that would begin during another is left out',
      },
      for: {
        string: true,
        requiresArg: true,
        describe: 'From the first round to the last: 1h; default until the process ends, or Ctrl-C',
      },
      output: {
        alias: 'o',
        string: true,
        requiresArg: true,
        describe:
          'Keeps the rounds in a file, readable by its owner alone, of 16 MiB at most: when it is full, half of them go, but for the first and the last',
      },
      force: {
        boolean: true,
        default: false,
        describe: 'Replace the file, if it is a plain one of your own',
      },
      'no-samples': {
        boolean: true,
        default: false,
        describe: 'Keep no text of the target there: families have no shape and no samples, but a key',
      },
      ...snapshotOptions,
      limit: {
        string: true,
        requiresArg: true,
        describe: 'Rows of each table at the end, those that changed most; 0 = all',
        defaultDescription: `${ROWS_SHOWN}, with --json all`,
      },
      json: jsonOption,
    })
    .group(['every', 'for'], 'When:')
    .group(['output', 'force', 'no-samples'], 'The file:')
    .group([...SNAPSHOT_OPTIONS], 'What is looked at:')
    .group([...BOUNDING, 'jobs'], 'What it may take:')
    .group(['limit', 'json'], 'Output:')
    .epilogue('Exit status: 0 watched, whatever ended it, 1 interrupted in the first round, 2 error.');

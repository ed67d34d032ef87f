import type { SnapshotOptions } from '../../content/snapshot.ts';
import { badOption, namesGiven, newParser, parseArguments } from '../arguments.ts';
import { BOUNDING } from '../bounding.ts';
import { CHOOSING_LISTS } from '../choosing.ts';
import { jsonOption } from '../common.ts';
import { parseSnapshot, SNAPSHOT_OPTIONS, snapshotOptions } from '../snapshot-options.ts';
import { parseDuration, parseTarget, wholeNumber } from '../values.ts';

/** Files of snapshots, one or two, or a process and the time between two looks at it. */
export type Compared =
  | { readonly files: readonly [string, string?] }
  | { readonly pid: number; readonly milliseconds: number; readonly snapshot: SnapshotOptions };

/** What `memscan diff` is asked for. */
export interface DiffOptions {
  readonly compared: Compared;
  readonly limit: number;
  readonly json: boolean;
  /** See CommandBounds. */
  readonly fullSpeed: boolean;
}

const ROWS_SHOWN = 10;

const OF_PROCESSES = [...SNAPSHOT_OPTIONS, ...BOUNDING, 'jobs'];

const ADVICE = 'memscan diff A B, or memscan diff <pid> --after 60s; see memscan diff --help';

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseDiffOptions(args: readonly string[]): Promise<DiffOptions | string> {
  const parser = describe();
  const given = await parseArguments(parser, args, CHOOSING_LISTS);
  if (typeof given === 'string') return given;
  if (given.after === undefined) checkOfFiles(namesGiven(parser));
  return {
    compared:
      given.after === undefined
        ? { files: filesIn(given._) }
        : {
            pid: onePid(given._),
            milliseconds: parseDuration('--after', given.after),
            snapshot: parseSnapshot(given),
          },
    limit: wholeNumber('--limit', given.limit ?? (given.json ? '0' : String(ROWS_SHOWN)), 0) || Infinity,
    json: given.json,
    fullSpeed: given['full-speed'],
  };
}

/** What the snapshots in files are of is said when they are taken. Throws BAD_OPTION. */
function checkOfFiles(names: readonly string[]): void {
  const refused = OF_PROCESSES.find((name) => names.includes(name));
  if (refused === undefined) return;
  throw badOption(
    `--${refused} is of a live process`,
    'give a pid and --after, or take the snapshots with it: memscan snapshot --help',
  );
}

function filesIn(positionals: readonly string[]): [string, string?] {
  const [first, second, extra] = positionals;
  if (first && second && extra === undefined) return [first, second];
  if (first && second === undefined && !/^\d+$/.test(first)) return [first];
  throw badOption('give two snapshots to compare, or a file of memscan watch', ADVICE);
}

function onePid(positionals: readonly string[]): number {
  const target = parseTarget(positionals, ADVICE);
  if (typeof target === 'number') return target;
  throw badOption(`--after is of a live process: ${target} is none`, ADVICE);
}

const USAGE = `memscan diff A B, or memscan diff FILE, or memscan diff <pid> --after TIME

Tells what grew and what shrank between two snapshots, from the first to the last round of memscan watch, or while TIME goes by in a live process: by kind of region, by region, by what pages hold, and by families of strings; largest growth first.`;

export const describe = () =>
  newParser(USAGE)
    .example('memscan diff before after', 'two files of memscan snapshot')
    .example('memscan diff rounds', 'a file of memscan watch: its first round and its last')
    .example('memscan diff 4711 --after 60s', 'what grows now')
    .options({
      after: {
        string: true,
        requiresArg: true,
        describe: 'Compare a process with itself after so long: 30s, 5m, 1h',
      },
      ...snapshotOptions,
      limit: {
        string: true,
        requiresArg: true,
        describe: 'Rows of each table, those that changed most; 0 = all',
        defaultDescription: `${ROWS_SHOWN}, with --json all`,
      },
      json: jsonOption,
    })
    .group(['after', ...SNAPSHOT_OPTIONS], 'Of a live process:')
    .group([...BOUNDING, 'jobs'], 'What that may take:')
    .group(['limit', 'json'], 'Output:')
    .epilogue('Exit status: 0 something changed, 1 nothing did, 2 error.');

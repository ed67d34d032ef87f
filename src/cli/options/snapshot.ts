import type { SnapshotOptions as Taken } from '../../content/snapshot.ts';
import { newParser, parseArguments } from '../arguments.ts';
import { BOUNDING } from '../bounding.ts';
import { CHOOSING_LISTS } from '../choosing.ts';
import { noProgressOption } from '../common.ts';
import { parseSnapshot, SNAPSHOT_OPTIONS, snapshotOptions } from '../snapshot-options.ts';
import { parseOutput, parseTarget } from '../values.ts';

/** What `memscan snapshot` is asked for. */
export interface SnapshotOptions {
  readonly target: number | string;
  readonly output: string;
  readonly force: boolean;
  readonly snapshot: Taken;
  readonly progress: boolean;
  /** See CommandBounds. */
  readonly fullSpeed: boolean;
}

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseSnapshotOptions(args: readonly string[]): Promise<SnapshotOptions | string> {
  const given = await parseArguments(describe(), args, CHOOSING_LISTS);
  if (typeof given === 'string') return given;
  const target = parseTarget(
    given._,
    'memscan snapshot <pid or file> -o FILE [options]; see memscan snapshot --help',
  );
  const output = parseOutput(given.output, 'a snapshot');
  const { force } = given;
  const snapshot = { ...parseSnapshot(given), samples: !given['no-samples'] };
  return { target, output, force, snapshot, progress: !given['no-progress'], fullSpeed: given['full-speed'] };
}

const USAGE = `memscan snapshot <target> -o FILE [options]

Keeps what fills the memory of a live process (a pid), a core or any other file, to be compared later by memscan diff: regions, pages by what they hold, families of strings. It takes 2 MiB at most, and holds no memory but beginnings of strings.`;

export const describe = () =>
  newParser(USAGE)
    .example('memscan snapshot 4711 -o before', 'what fills it now')
    .example('memscan diff before after', 'what grew between two')
    .options({
      output: {
        alias: 'o',
        string: true,
        requiresArg: true,
        describe: 'The file to write, readable by its owner alone',
      },
      force: {
        boolean: true,
        default: false,
        describe: 'Replace the file, if it is a plain one of your own',
      },
      'no-samples': {
        boolean: true,
        default: false,
        describe: 'Keep no text of the target: families have no shape and no samples, but a key',
      },
      ...snapshotOptions,
      'no-progress': noProgressOption,
    })
    .group(['output', 'force', 'no-samples'], 'The file:')
    .group([...SNAPSHOT_OPTIONS], 'What is looked at:')
    .group([...BOUNDING, 'jobs'], 'What it may take:')
    .epilogue('Exit status: 0 written, 1 there was nothing to look at, 2 error.');

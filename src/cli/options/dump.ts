import { oneOf } from '../../base/options.ts';
import type { Selection } from '../../memory/selection.ts';
import { newParser, parseArguments } from '../arguments.ts';
import { BOUNDING, boundingOptions, type CommandBounds, parseBounds } from '../bounding.ts';
import { CHOOSING, CHOOSING_LISTS, choosingOptions, parseChoice } from '../choosing.ts';
import { allOption, noProgressOption } from '../common.ts';
import { parseOutput, parseTarget } from '../values.ts';

export const FORMATS = ['raw', 'core'] as const;

/** What `memscan dump` is asked for. */
export interface DumpOptions extends Selection, CommandBounds {
  readonly target: number | string;
  /** A path, or `-` for standard output. */
  readonly output: string;
  readonly format: (typeof FORMATS)[number];
  readonly force: boolean;
  readonly progress: boolean;
}

/** The options, or text to print instead (help, version). Throws BAD_OPTION. */
export async function parseDumpOptions(args: readonly string[]): Promise<DumpOptions | string> {
  const given = await parseArguments(describe(), args, CHOOSING_LISTS);
  if (typeof given === 'string') return given;
  const target = parseTarget(given._, 'memscan dump <pid> -o FILE [options]; see memscan dump --help');
  const choice = parseChoice(given);
  const { force, all } = given;
  const format = oneOf('--format', given.format ?? (choice.ranges.length === 1 ? 'raw' : 'core'), FORMATS);
  const output = format === 'raw' && given.output === '-' ? '-' : parseOutput(given.output, 'a core');
  const progress = !given['no-progress'];
  return { ...choice, ...parseBounds(given), all, target, output, format, force, progress };
}

const USAGE = `memscan dump <pid> -o FILE [options]

Writes the memory of a process to a file: an ELF core that gdb and memscan open, or the bytes of one range. The process is not stopped: pages are of different moments, and what it writes meanwhile may be torn.`;

/** The parser of its options. */
export const describe = () =>
  newParser(USAGE)
    .example('memscan dump 4711 -o core.4711', "the process's own memory, as a core")
    .example('memscan dump 4711 --range 7f5c0000-7f5c4000 -o block', 'the bytes of one range')
    .options({
      output: {
        alias: 'o',
        string: true,
        requiresArg: true,
        describe: 'The file to write, readable by its owner alone; - for standard output (raw)',
      },
      format: {
        string: true,
        requiresArg: true,
        describe: 'core, or raw: one range as it lies in memory, a hole where nothing is read',
        defaultDescription: 'raw for one --range, else core',
      },
      force: {
        boolean: true,
        default: false,
        describe: 'Replace the file, if it is a plain one of your own',
      },
      ...choosingOptions,
      all: allOption,
      ...boundingOptions,
      'no-progress': noProgressOption,
    })
    .group(['output', 'format', 'force'], 'The file:')
    .group([...CHOOSING, 'all'], 'What is written:')
    .group([...BOUNDING], 'What it may take:')
    .epilogue('Exit status: 0 written, 1 there was nothing to write, 2 error.');

import { MemscanError } from '../../errors.ts';
import type { Selection } from '../../target/target.ts';

/** What `memscan dump` is asked for. */
export interface DumpOptions extends Selection {
  readonly target: number | string;
  /** A path, or `-` for standard output. */
  readonly output: string;
  readonly format: 'raw' | 'core';
  readonly force: boolean;
  readonly progress: boolean;
}

export const DUMP_USAGE = `memscan dump <pid> -o FILE [options]

Writes the memory of a process to a file: an ELF core that gdb and memscan open, or the bytes of one range. The process is
not stopped: pages are of different moments, and what it writes meanwhile may be torn.`;

/** The options that dump alone has. */
export const dumpOptions = {
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
  force: { boolean: true, default: false, describe: 'Replace the file, if it is a plain one of your own' },
  'no-progress': { boolean: true, default: false, describe: 'No progress bar and no summary on stderr' },
} as const;

export interface GivenDump {
  readonly output?: string | undefined;
  readonly format?: string | undefined;
  readonly force: boolean;
  readonly 'no-progress': boolean;
}

/** Throws BAD_OPTION. */
export function parseDump(given: GivenDump, selection: Selection): Omit<DumpOptions, 'target'> {
  const { output, force } = given;
  if (!output) throw badOption('no file to write to', 'give one: -o FILE');
  const format = given.format ?? (selection.ranges.length === 1 ? 'raw' : 'core');
  if (format !== 'raw' && format !== 'core') throw badOption(`bad --format: ${format}`, 'one of: raw, core');
  if (output === '-' && format === 'core') {
    throw badOption('a core cannot be written to standard output', 'give a file: -o FILE');
  }
  return { ...selection, output, format, force, progress: !given['no-progress'] };
}

const badOption = (message: string, advice: string): MemscanError =>
  new MemscanError('BAD_OPTION', message, advice);

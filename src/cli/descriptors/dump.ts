import { defineCommand } from '../command.ts';
import type { DumpOptions } from '../commands/dump.ts';
import { BOUNDS } from '../options/bounds.ts';
import { parseTarget } from '../options/operands.ts';
import { boundsFrom, selectionFrom } from '../options/ready.ts';
import { parseOutput } from '../options/values.ts';
import { WHERE } from '../options/where.ts';

const USAGE = 'memscan dump <pid> -o FILE [options]';

export const dump = defineCommand({
  name: 'dump',
  usage: [USAGE],
  summary: 'writes its memory to a file, as core or bytes',
  description:
    'Writes the memory of a process to a file: an ELF core that gdb and memscan open, or the bytes of one range. The process is not stopped: pages are read at different moments, and what it writes meanwhile may be torn.',
  operands: 'pid',
  groups: [
    ['The file', ['output', 'format', 'force']],
    ['What to write', WHERE],
    ['Resource limits', BOUNDS],
    ['Output', ['no-progress']],
    ['Other', ['help', 'version']],
  ],
  texts: {
    output: { text: 'File to write, readable only by its owner; -: standard output (raw)' },
  },
  examples: [
    ['memscan dump 4711 -o core.4711', "the process's own memory, as a core"],
    ['memscan dump 4711 --range 7f5c0000-7f5c4000 -o block', 'the bytes of one range'],
  ],
  exitStatus: '0 written, 1 there was nothing to write, 2 error',
  privileges: 'writing',
  parse: (given, operands): DumpOptions => {
    const target = parseTarget(operands, USAGE, 'a pid');
    const selection = selectionFrom(given);
    const format = given.format ?? (selection.ranges.length === 1 ? 'raw' : 'core');
    const toPipe = format === 'raw' && given.output === '-';
    return {
      target,
      selection,
      bounds: boundsFrom(given),
      output: toPipe ? '-' : parseOutput(given.output, 'a core'),
      format,
      force: given.force,
      progress: !given['no-progress'],
    };
  },
  load: async () => (await import('../commands/dump.ts')).dump,
});

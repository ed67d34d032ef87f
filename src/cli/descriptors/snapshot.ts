import { defineCommand } from '../command.ts';
import type { SnapshotOptions } from '../commands/snapshot.ts';
import { BOUNDS } from '../options/bounds.ts';
import { parseTarget } from '../options/operands.ts';
import { scanFrom } from '../options/ready.ts';
import { STRINGS } from '../options/strings.ts';
import { parseOutput } from '../options/values.ts';
import { WHERE } from '../options/where.ts';

const USAGE = 'memscan snapshot <target> -o FILE [options]';

export const snapshot = defineCommand({
  name: 'snapshot',
  usage: [USAGE],
  summary: 'saves what fills it, for memscan diff',
  description:
    'Saves what fills the memory of a live process (a pid), a core or any other file, for memscan diff to compare: regions, pages by their content, families of strings. The file takes at most 2 MiB, and contains no memory except beginnings of strings.',
  operands: 'pid or file',
  groups: [
    ['The file', ['output', 'force', 'no-samples']],
    ['What to scan', [...STRINGS, ...WHERE]],
    ['Resource limits', [...BOUNDS, 'jobs']],
    ['Output', ['no-progress']],
    ['Other', ['help', 'version']],
  ],
  examples: [
    ['memscan snapshot 4711 -o before', 'what fills it now'],
    ['memscan diff before after', 'what grew in between'],
  ],
  exitStatus: '0 written, 1 there was nothing to scan, 2 error',
  privileges: 'writing',
  parse: (given, operands): SnapshotOptions => ({
    target: parseTarget(operands, USAGE),
    scan: { ...scanFrom(given), samples: !given['no-samples'] },
    output: parseOutput(given.output, 'a snapshot'),
    force: given.force,
    progress: !given['no-progress'],
  }),
  load: async () => (await import('../commands/snapshot.ts')).snapshot,
});

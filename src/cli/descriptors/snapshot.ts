import { defineCommand } from '../command.ts';
import type { SnapshotOptions } from '../commands/snapshot.ts';
import { BOUNDS } from '../options/bounds.ts';
import { scanFrom } from '../options/ready.ts';
import { STRINGS } from '../options/strings.ts';
import { parseOutput, parseTarget } from '../options/values.ts';
import { WHERE } from '../options/where.ts';

const USAGE = 'memscan snapshot <target> -o FILE [options]';

export const snapshot = defineCommand({
  name: 'snapshot',
  usage: [USAGE],
  summary: 'keeps what fills it, to compare it later',
  description:
    'Keeps what fills the memory of a live process (a pid), a core or any other file, to be compared later by memscan diff: regions, pages by what they hold, families of strings. It takes 2 MiB at most, and holds no memory but beginnings of strings.',
  operands: 'pid or file',
  groups: [
    ['The file', ['output', 'force', 'no-samples']],
    ['What is looked at', [...STRINGS, ...WHERE]],
    ['What it may take', [...BOUNDS, 'jobs']],
    ['Output', ['no-progress']],
    ['Other', ['help', 'version']],
  ],
  examples: [
    ['memscan snapshot 4711 -o before', 'what fills it now'],
    ['memscan diff before after', 'what grew between two'],
  ],
  exitStatus: '0 written, 1 there was nothing to look at, 2 error',
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

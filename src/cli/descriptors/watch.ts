import { defineCommand } from '../command.ts';
import type { RoundsKept, WatchOptions } from '../commands/watch.ts';
import { BOUNDS } from '../options/bounds.ts';
import { parsePid } from '../options/operands.ts';
import { rowsShown, scanFrom } from '../options/ready.ts';
import { STRINGS } from '../options/strings.ts';
import type { Values } from '../options/table.ts';
import { parseOutput } from '../options/values.ts';
import { WHERE } from '../options/where.ts';

const USAGE = 'memscan watch <pid> [options]';
const ROWS_SHOWN = 10;

export const watch = defineCommand({
  name: 'watch',
  usage: [USAGE],
  summary: 'shows what grows in it, round by round',
  description:
    'Scans a live process again and again, and prints a line each time: its size, and what grew most. At the end (of --for, of the process, or on Ctrl-C) it shows what grew from the first round to the last, as memscan diff does.',
  operands: 'pid',
  groups: [
    ['When', ['every', 'for']],
    ['The file', ['output', 'force', 'no-samples']],
    ['What to scan', [...STRINGS, ...WHERE]],
    ['Resource limits', [...BOUNDS, 'jobs']],
    ['Output', ['limit', 'json']],
    ['Other', ['help', 'version']],
  ],
  texts: {
    output: {
      text: 'Store the rounds in a file, readable only by its owner, of at most 16 MiB: when it is full, every other round is dropped, except the first and the last',
    },
    limit: {
      text: 'Show at most N rows of each table at the end, those that changed most; 0 = all',
      defaultText: `${ROWS_SHOWN}, with --json all`,
    },
  },
  examples: [
    ['memscan watch 4711', 'every 30 s, until Ctrl-C'],
    ['memscan watch 4711 --every 5m --for 24h -o rounds', 'stores the rounds, for memscan diff rounds'],
  ],
  exitStatus: '0 watched, whatever ended it, 1 interrupted in the first round, 2 error',
  privileges: 'writing',
  parse: (given, operands): WatchOptions => ({
    pid: parsePid(operands, 'only a live process can be watched', USAGE),
    every: given.every,
    duration: given.for,
    scan: scanFrom(given),
    kept: keptOf(given),
    limit: rowsShown(given, ROWS_SHOWN),
    json: given.json,
  }),
  load: async () => (await import('../commands/watch.ts')).watch,
});

function keptOf(given: Values<'output' | 'force' | 'no-samples'>): RoundsKept | undefined {
  const { output, force, 'no-samples': noSamples } = given;
  if (output === undefined && !force && !noSamples) return undefined;
  return { path: parseOutput(output, 'what was seen'), force, samples: !noSamples };
}

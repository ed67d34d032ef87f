import { defineCommand } from '../command.ts';
import type { RoundsKept, WatchOptions } from '../commands/watch.ts';
import { BOUNDS } from '../options/bounds.ts';
import { rowsShown, scanFrom } from '../options/ready.ts';
import { STRINGS } from '../options/strings.ts';
import type { Values } from '../options/table.ts';
import { parseOutput, parsePid } from '../options/values.ts';
import { WHERE } from '../options/where.ts';

const USAGE = 'memscan watch <pid> [options]';
const ROWS_SHOWN = 10;

export const watch = defineCommand({
  name: 'watch',
  usage: [USAGE],
  summary: 'what grows in it, again and again',
  description:
    'Looks at a live process again and again, and prints a line each time: what it takes, and what grew most; at the end (of --for, of the process, or on Ctrl-C) what grew from the first look to the last, as memscan diff does.',
  operands: 'pid',
  groups: [
    ['When', ['every', 'for']],
    ['The file', ['output', 'force', 'no-samples']],
    ['What is looked at', [...STRINGS, ...WHERE]],
    ['What it may take', [...BOUNDS, 'jobs']],
    ['Output', ['limit', 'json']],
    ['Other', ['help', 'version']],
  ],
  texts: {
    output: {
      text: 'Keeps the rounds in a file, readable by its owner alone, of 16 MiB at most: when it is full, half of them go, but for the first and the last',
    },
    'no-samples': {
      text: 'Keep no text of the target there: families have no shape and no samples, but a key',
    },
    limit: {
      text: 'Rows of each table at the end, those that changed most; 0 = all',
      defaultText: `${ROWS_SHOWN}, with --json all`,
    },
  },
  examples: [
    ['memscan watch 4711', 'every 30 s, until Ctrl-C'],
    ['memscan watch 4711 --every 5m --for 24h -o rounds', 'keeps what it saw; then: memscan diff rounds'],
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

import { defineCommand } from '../command.ts';
import type { DiffOptions } from '../commands/diff.ts';
import { badOption } from '../mistake.ts';
import { BOUNDS } from '../options/bounds.ts';
import { rowsShown, scanFrom } from '../options/ready.ts';
import { STRINGS } from '../options/strings.ts';
import { parsePid } from '../options/values.ts';
import { WHERE } from '../options/where.ts';

const ROWS_SHOWN = 10;
const ADVICE = 'memscan diff A B, or memscan diff <pid> --after 60s; see memscan diff --help';

const SCANNING = [...STRINGS, ...WHERE] as const;
const TAKING = [...BOUNDS, 'jobs'] as const;

export const diff = defineCommand({
  name: 'diff',
  usage: ['memscan diff A B', 'memscan diff FILE', 'memscan diff <pid> --after TIME'],
  summary: 'what grew between two snapshots',
  description:
    'Tells what grew and what shrank between two snapshots, from the first to the last round of memscan watch, or while TIME goes by in a live process: by kind of region, by region, by what pages hold, and by families of strings; largest growth first.',
  operands: 'pid or file',
  groups: [
    ['Of a live process', ['after', ...SCANNING]],
    ['What that may take', TAKING],
    ['Output', ['limit', 'json']],
    ['Other', ['help', 'version']],
  ],
  texts: {
    limit: {
      text: 'Rows of each table, those that changed most; 0 = all',
      defaultText: `${ROWS_SHOWN}, with --json all`,
    },
  },
  // The options a snapshot was taken with are in its file.
  needs: [
    {
      options: [...SCANNING, ...TAKING],
      oneOf: ['after'],
      message: 'is of a live process',
      advice: 'give a pid and --after, or take the snapshots with it: memscan snapshot --help',
    },
  ],
  examples: [
    ['memscan diff before after', 'two files of memscan snapshot'],
    ['memscan diff rounds', 'a file of memscan watch: its first round and its last'],
    ['memscan diff 4711 --after 60s', 'what grows now'],
  ],
  exitStatus: '0 something changed, 1 nothing did, 2 error',
  privileges: 'reading',
  parse: (given, operands): DiffOptions => ({
    compared:
      given.after === undefined
        ? { files: filesIn(operands) }
        : {
            pid: parsePid(operands, '--after is of a live process', ADVICE),
            milliseconds: given.after,
            scan: scanFrom(given),
          },
    limit: rowsShown(given, ROWS_SHOWN),
    json: given.json,
  }),
  load: async () => (await import('../commands/diff.ts')).diff,
});

function filesIn([first, second, extra]: readonly string[]): [string, string?] {
  if (first && second && extra === undefined) return [first, second];
  if (first && second === undefined && !/^\d+$/.test(first)) return [first];
  throw badOption('give two snapshots to compare, or a file of memscan watch', ADVICE);
}

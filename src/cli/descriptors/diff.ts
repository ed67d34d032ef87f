import { defineCommand } from '../command.ts';
import type { DiffOptions } from '../commands/diff.ts';
import { badOption } from '../mistake.ts';
import { BOUNDS } from '../options/bounds.ts';
import { parsePid } from '../options/operands.ts';
import { rowsShown, scanFrom } from '../options/ready.ts';
import { STRINGS } from '../options/strings.ts';
import { WHERE } from '../options/where.ts';

const ROWS_SHOWN = 10;
const ADVICE = 'memscan diff A B, or memscan diff <pid> --after 60s; see memscan diff --help';

const SCANNING = [...STRINGS, ...WHERE] as const;
const TAKING = [...BOUNDS, 'jobs'] as const;

export const diff = defineCommand({
  name: 'diff',
  usage: ['memscan diff A B', 'memscan diff FILE', 'memscan diff <pid> --after TIME'],
  summary: 'shows what grew between two snapshots',
  description:
    'Shows what grew and what shrank between two snapshots, between the first and the last round of memscan watch, or in a live process while TIME passes: kinds of regions, regions, pages by their content, and families of strings, largest growth first.',
  operands: 'pid or file',
  groups: [
    ['For a live process', ['after', ...SCANNING]],
    ['Resource limits', TAKING],
    ['Output', ['limit', 'json']],
    ['Other', ['help', 'version']],
  ],
  texts: {
    limit: {
      text: 'Show at most N rows of each table, those that changed most; 0 = all',
      defaultText: `${ROWS_SHOWN}, with --json all`,
    },
  },
  // The options a snapshot was taken with are in its file.
  needs: [
    {
      options: [...SCANNING, ...TAKING],
      oneOf: ['after'],
      message: 'needs a live process',
      advice: 'give a pid and --after, or the option to memscan snapshot',
    },
  ],
  examples: [
    ['memscan diff before after', 'two files of memscan snapshot'],
    ['memscan diff rounds', 'a file of memscan watch: its first round and its last'],
    ['memscan diff 4711 --after 60s', 'what grows right now'],
  ],
  exitStatus: '0 something changed, 1 nothing did, 2 error',
  privileges: 'reading',
  parse: (given, operands): DiffOptions => ({
    compared:
      given.after === undefined
        ? { files: filesIn(operands) }
        : {
            pid: parsePid(operands, '--after needs a live process', 'memscan diff <pid> --after 60s'),
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

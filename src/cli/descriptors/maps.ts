import { defineCommand } from '../command.ts';
import type { MapsOptions } from '../commands/maps.ts';
import { parseTarget } from '../options/operands.ts';
import { rowsShown, selectionFrom } from '../options/ready.ts';
import { REGIONS } from '../options/where.ts';

const USAGE = 'memscan maps <target> [options]';
const REGIONS_SHOWN = 30;

export const maps = defineCommand({
  name: 'maps',
  usage: [USAGE],
  summary: 'shows its regions, their kinds and sizes',
  description:
    'Shows what takes the memory of a live process (a pid) or a core: by kind of region, then region by region. Sizes count address space, resident counts what is in memory.',
  operands: 'pid or file',
  groups: [
    ['Which regions', REGIONS],
    ['Output', ['limit', 'sort', 'json', 'bytes']],
    ['Other', ['help', 'version']],
  ],
  texts: {
    limit: { text: 'Show at most N regions; 0 = all', defaultText: `${REGIONS_SHOWN}, with --json all` },
  },
  examples: [
    ['memscan maps 4711', 'the kinds, and the largest regions'],
    ['memscan maps 4711 --only arena --limit 0', 'all malloc arenas'],
  ],
  exitStatus: '0 regions shown, 1 none, 2 error',
  privileges: 'reading',
  parse: (given, operands): MapsOptions => ({
    target: parseTarget(operands, USAGE),
    selection: selectionFrom({ ...given, all: true }),
    limit: rowsShown(given, REGIONS_SHOWN),
    sort: given.sort,
    json: given.json,
    bytes: given.bytes,
  }),
  load: async () => (await import('../commands/maps.ts')).maps,
});

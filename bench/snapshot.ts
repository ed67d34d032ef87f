import { rmSync, statSync } from 'node:fs';

import { scratch } from './cleanup.ts';
import { MEMSCAN, memscanOf, timeCommand } from './command.ts';
import { timeInRounds } from './measure.ts';
import type { Row } from './table.ts';
import { type Block, MIB } from './target.ts';

/** Maximum size of a file with one snapshot, whatever the target contains. */
const MOST_MIB = 2;

/** Times `memscan snapshot` on the block. Throws if the file is too large. */
export async function timeSnapshot(block: Block, rounds: number): Promise<Row[]> {
  const file = scratch('snapshot');
  const command = [...memscanOf(block, '-o', file, '--force', '--no-progress')];
  command.splice(MEMSCAN.length, 0, 'snapshot');
  const [timed] = await timeInRounds([{ what: 'memscan snapshot', run: () => timeCommand(command) }], rounds);
  const size = statSync(file).size / MIB;
  rmSync(file);
  if (size > MOST_MIB) throw new Error(`memscan snapshot: a file of ${size.toFixed(2)} MiB`);
  return [
    { what: 'memscan snapshot', timing: timed!.timing, bytes: block.bytes },
    {
      what: 'memscan snapshot: its file',
      verdict: { shown: `${Math.ceil(1024 * size)} KiB`, wanted: `<= ${MOST_MIB} MiB`, ok: true },
    },
  ];
}

import { readFileSync } from 'node:fs';

import { expectEqual, MEMSCAN, timeChecked, timeCommand } from './command.ts';
import { less, timeInRounds } from './measure.ts';
import { type Row, within } from './table.ts';
import { endTarget, startRegions } from './target.ts';

const REGIONS = 20_000;
const MOST_SECONDS = 0.1;

/** Times `memscan maps` on a target with many regions, without the start of Node, and reading smaps. */
export async function timeMaps(rounds: number): Promise<Row[]> {
  const { child, pid, ...block } = await startRegions(REGIONS);
  try {
    const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').length - 1;
    const command = [...MEMSCAN, 'maps', String(pid), '--json'];
    const [maps, start, smaps] = await timeInRounds(
      [
        {
          what: `memscan maps, less start-up: ${REGIONS} regions`,
          run: () => timeChecked(command, expectRegions(lines)),
        },
        { what: 'start', run: () => timeCommand([...MEMSCAN, '--version']) },
        { what: 'cat /proc/PID/smaps', run: () => timeCommand(['cat', `/proc/${pid}/smaps`]) },
      ],
      rounds,
    );
    const timing = less(maps!.timing, start!.timing.median);
    return [{ ...maps!, timing, verdict: within(timing.median, MOST_SECONDS, 's') }, smaps!];
  } finally {
    endTarget({ child, pid, ...block });
  }
}

// A written mapping of a file has two lines.
const expectRegions =
  (lines: number) =>
  (output: string): void => {
    const starts = new Set(output.match(/"start":"0x[0-9a-f]+"/g));
    expectEqual('memscan maps: regions', starts.size, lines);
  };

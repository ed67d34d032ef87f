import { availableBytes, MEMSCAN, memscanOf, timeChecked, timeCommand } from './command.ts';
import { less, timeInRounds } from './measure.ts';
import { atMost, type Row, within } from './table.ts';
import { type Block, endTarget, GIB, MIB, startMixed } from './target.ts';

const SIZES = [256 * MIB, 2 * GIB, 8 * GIB];

const MOST_SECONDS = 0.5;
const MOST_MIB = 200;
const MOST_OFF = 1;

/** Times `memscan top --sample` for several sizes of the target. Each kind of page fills a quarter of the block. */
export async function timeSample(rounds: number, quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const bytes of quick ? SIZES.slice(0, 1) : SIZES) {
    const what = `sample of ${bytes < GIB ? `${bytes / MIB} MiB` : `${bytes / GIB} GiB`}`;
    if (availableBytes() < 1.5 * bytes)
      rows.push({ what: `${what}: left out (not so much memory available)` });
    else rows.push(...(await timeSize(what, bytes, rounds)));
  }
  return rows;
}

async function timeSize(what: string, bytes: number, rounds: number): Promise<Row[]> {
  const block = await startMixed(bytes, '4k');
  try {
    const off: number[] = [];
    const command = commandFor(block);
    const timed = await timeInRounds(
      [
        { what, run: () => timeChecked(command, (output) => off.push(mostOff(output))) },
        { what: 'start', run: () => timeCommand([...MEMSCAN, '--version']) },
      ],
      rounds,
    );
    const timing = less(timed[0]!.timing, timed[1]!.timing.median);
    return [
      { what: `${what}, less start-up`, timing, verdict: within(timing.median, MOST_SECONDS, 's') },
      { what: `${what}: peak`, peak: timing.peak, verdict: within(timing.peak! / MIB, MOST_MIB, 'MiB') },
      { what: `${what}: farthest share of all runs`, verdict: atMost(Math.max(...off), MOST_OFF, '% off') },
    ];
  } finally {
    endTarget(block);
  }
}

function commandFor(block: Block): string[] {
  const command = memscanOf(block, '--sample', '--json', '--no-progress');
  command.splice(MEMSCAN.length, 0, 'top');
  return command;
}

/** Returns the largest error of the page classes, in percent of the memory. */
function mostOff(output: string): number {
  const { classes, sample } = JSON.parse(output.slice(0, output.indexOf('\n'))) as {
    classes: Record<string, number>;
    sample: { memory: number };
  };
  const shares = ['text', 'zero', 'compressed', 'other'].map((name) => classes[name]! / sample.memory);
  return Math.max(...shares.map((share) => 100 * Math.abs(share - 1 / 4)));
}

import { availableBytes, memscanOf, timeCommand } from './command.ts';
import { timeInRounds, type Timing } from './measure.ts';
import { atMost, type Row, within } from './table.ts';
import { type Block, endTarget, GIB, MIB, RARE_NEEDLE, startMixed } from './target.ts';

const SMALL = 256 * MIB;
const LARGE = 8 * GIB;
const NEEDED = 12 * GIB;

const MOST_MIB = 150;
/** Factor by which two equal runs may differ because of Node's garbage collector. */
const SAME = 1.15;

const CASES: readonly { readonly what: string; readonly args: readonly string[] }[] = [
  { what: 'count of all strings', args: ['--count'] },
  { what: 'count of a rare literal', args: ['--count', '--fixed', '--grep', RARE_NEEDLE] },
  { what: 'all strings to /dev/null', args: [] },
];

/** Measures the command's peak memory for several sizes of the target. */
export async function timeMemory(rounds: number, quick: boolean): Promise<Row[]> {
  const small = await timeSize(SMALL, rounds);
  if (quick) return [...rowsOf(SMALL, small), { what: '8 GiB: left out (--quick)' }];
  if (availableBytes() < NEEDED)
    return [...rowsOf(SMALL, small), { what: '8 GiB: left out (less than 12 GiB available)' }];
  const large = await timeSize(LARGE, rounds);
  const ratios = CASES.map(({ what }, index): Row => ({
    what: `${what}: peak, 8 GiB to 256 MiB`,
    verdict: atMost(large[index]!.peak! / small[index]!.peak!, SAME, '256 MiB'),
  }));
  return [...rowsOf(SMALL, small), ...rowsOf(LARGE, large), ...ratios];
}

async function timeSize(bytes: number, rounds: number): Promise<Timing[]> {
  const block = await startMixed(bytes, '4k');
  try {
    const timed = await timeInRounds(contendersOf(block), rounds);
    return timed.map(({ timing }) => timing);
  } finally {
    endTarget(block);
  }
}

const contendersOf = (block: Block) =>
  CASES.map(({ what, args }) => ({ what, run: () => timeCommand(memscanOf(block, ...args)) }));

const rowsOf = (bytes: number, timings: readonly Timing[]): Row[] =>
  CASES.map(({ what }, index) => {
    const timing = timings[index]!;
    const size = bytes < GIB ? `${bytes / MIB} MiB` : `${bytes / GIB} GiB`;
    return { what: `${size}: ${what}`, timing, bytes, verdict: within(timing.peak! / MIB, MOST_MIB, 'MiB') };
  });

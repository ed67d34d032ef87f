import { ceilings } from './ceiling.ts';
import { scratch } from './cleanup.ts';
import { MEMSCAN, memscanOf, timeChecked, timeCommand } from './command.ts';
import { less, speedup, timeInRounds } from './measure.ts';
import { atLeast, type Row, within } from './table.ts';
import { type Block, copyToFile, MIB } from './target.ts';

/** Required share of the ceiling, and required speedup over the old way. */
const WANTED = 0.35;
const THAN_OLD_WAY = 50;
const MOST_MIB = 200;

/** The old way is timed on only this much of the block: sort(1) would take minutes for all of it. */
const OLD_WAY_BYTES = 64 * MIB;

/** Times an exact `memscan top` of the block, a plain copy, and `strings | sort | uniq -c | sort -rn`. */
export async function timeTop(block: Block, strings: number, rounds: number): Promise<Row[]> {
  const command = [...memscanOf(block, '--json', '--no-progress')];
  command.splice(MEMSCAN.length, 0, 'top');
  const timed = await timeInRounds(
    [
      ...ceilings(block),
      { what: 'memscan top', run: () => timeChecked(command, expectStrings(strings)) },
      { what: 'start', run: () => timeCommand([...MEMSCAN, '--version']) },
    ],
    rounds,
  );
  const [top, start] = [timed.at(-2)!, timed.at(-1)!];
  const ceiling = timed.slice(0, -2).reduce((a, b) => (b.timing.median < a.timing.median ? b : a)).timing;
  const timing = less(top.timing, start.timing.median);
  const { median, best } = speedup(timing, ceiling);
  return [
    {
      what: 'memscan top, less start-up',
      timing,
      bytes: block.bytes,
      verdict: atLeast(median, WANTED, `ceiling (best: ${best.toFixed(2)})`),
    },
    {
      what: 'memscan top: peak',
      peak: top.timing.peak,
      verdict: within(top.timing.peak! / MIB, MOST_MIB, 'MiB'),
    },
    await timeOldWay(block, top.timing.median),
  ];
}

async function timeOldWay(block: Block, median: number): Promise<Row> {
  const dump = scratch('part');
  copyToFile(block, OLD_WAY_BYTES, dump);
  const pipe = `strings -a -n 10 ${dump} | sort | uniq -c | sort -rn | head`;
  const [old] = await timeInRounds([{ what: pipe, run: () => timeCommand(['sh', '-c', pipe]) }], 1);
  const scaled = (old!.timing.median * block.bytes) / OLD_WAY_BYTES;
  return {
    what: `the old way: strings | sort | uniq -c | sort -rn, of a dump of ${OLD_WAY_BYTES / MIB} MiB`,
    timing: old!.timing,
    bytes: OLD_WAY_BYTES,
    verdict: atLeast(scaled / median, THAN_OLD_WAY, 'memscan top, for as many bytes'),
  };
}

/** Checks the output of `memscan top --json`. */
export const expectStrings =
  (expected: number) =>
  (output: string): void => {
    const { text } = JSON.parse(output.slice(0, output.indexOf('\n'))) as { text: { strings: number } };
    if (text.strings !== expected)
      throw new Error(`memscan top: ${text.strings} strings, expected ${expected}`);
  };

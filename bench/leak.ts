import { ceilings } from './ceiling.ts';
import { scratch } from './cleanup.ts';
import { expectNumber, MEMSCAN, memscanOf, timeChecked, timeCommand } from './command.ts';
import { type Contender, less, speedup, timeInRounds } from './measure.ts';
import { ratioTo, type Row } from './table.ts';
import { type Block, copyToFile, endTarget, startPushes } from './target.ts';
import { expectStrings } from './top.ts';

interface Case {
  readonly encoding: 'utf8' | 'utf16';
  /** The encodings as memscan names them, and as strings(1) does. */
  readonly encodings: string;
  readonly gnu: string;
}

const CASES: readonly Case[] = [
  { encoding: 'utf8', encodings: 'utf8', gnu: 's' },
  { encoding: 'utf16', encodings: 'utf8,utf16le', gnu: 'l' },
];

/** A literal that every string contains. */
const LITERAL = 'websocket';

/** Counts, searches, writes and names one leak that fills the memory, with Chinese characters in each text. */
export async function timeLeaks(bytes: number, rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const item of CASES) {
    const block = await startPushes(bytes, item.encoding);
    try {
      rows.push(...(await timeLeak(block, item, rounds)));
    } finally {
      endTarget(block);
    }
  }
  return rows;
}

async function timeLeak(block: Block, { encoding, encodings, gnu }: Case, rounds: number): Promise<Row[]> {
  const dump = scratch('leak');
  copyToFile(block, block.bytes, dump);
  const { textStrings } = block;
  const args = (...more: string[]): string[] =>
    memscanOf(block, '--encoding', encodings, '--no-progress', ...more);
  const count = (what: string, ...more: string[]): Contender => ({
    what,
    run: () => timeChecked(args('--count', ...more), expectNumber(what, textStrings)),
  });
  const top = args('--json', '--exact');
  top.splice(MEMSCAN.length, 0, 'top');
  const timed = await timeInRounds(
    [
      ...ceilings(block),
      count('all strings, counted'),
      count('a literal in each', '-F', '-g', LITERAL),
      { what: 'all strings to /dev/null', run: () => timeCommand(args()) },
      { what: 'top', run: () => timeChecked(top, expectStrings(textStrings)) },
      {
        what: `strings -e ${gnu} of a dump to /dev/null`,
        run: () => timeCommand(['strings', '-a', '-n', '10', '-e', gnu, dump]),
      },
      { what: 'start', run: () => timeCommand([...MEMSCAN, '--version']) },
    ],
    rounds,
  );
  const start = timed.at(-1)!.timing;
  const ways = timed.slice(0, -6).map(({ timing }) => timing);
  const ceiling = ways.reduce((a, b) => (b.median < a.median ? b : a));
  return timed.slice(-6, -1).map(({ what, timing: whole }): Row => {
    const timing = what.startsWith('strings') ? whole : less(whole, start.median);
    const { median } = speedup(timing, ceiling);
    return { what: `${encoding}: ${what}`, timing, bytes: block.bytes, verdict: ratioTo(median, 'ceiling') };
  });
}

import { ceilings } from './ceiling.ts';
import { type Child, startChild } from './children.ts';
import {
  countLines,
  expectEqual,
  expectNumber,
  MEMSCAN,
  memscanOf,
  timeChecked,
  timeCommand,
} from './command.ts';
import type { LibraryTask } from './library.ts';
import { type Contender, less, speedup, timeInRounds, type Timing } from './measure.ts';
import { argumentsFor, type Search, SEARCHES } from './searches.ts';
import { atLeast, ratioTo, type Row, type Verdict } from './table.ts';
import { type Block, RARE_HITS } from './target.ts';

/** Results of memscan's counts on a live target. */
export interface LiveResult {
  readonly rows: readonly Row[];
  /** Number of strings in the block. */
  readonly strings: number;
  readonly ceiling: Timing;
  /** Wall time of the command: first for writing all strings, then for each search in order. */
  readonly lines: Timing;
  readonly commands: readonly Timing[];
}

export interface LiveOptions {
  readonly child: string;
  readonly rounds: number;
  /** Whether the table judges the ratios. */
  readonly judged: boolean;
}

interface Case extends Search {
  readonly expected: number;
}

const casesOf = (block: Block, strings: number): readonly Case[] =>
  SEARCHES.map((search) => {
    const counts = { all: strings, 'in every text page': block.textPages, rare: RARE_HITS };
    return { ...search, expected: counts[search.hits] };
  });

type Role = 'ceiling' | 'library' | 'command' | 'lines' | 'start';

interface Live extends Contender {
  readonly role: Role;
  readonly wanted: number;
}

type Timed = Live & { readonly timing: Timing };

/** Times the ceilings and memscan's counts in the same rounds. Throws if a count is wrong. */
export async function timeLive(block: Block, { child, rounds, judged }: LiveOptions): Promise<LiveResult> {
  const strings = await countAll(block);
  const cases = casesOf(block, strings);
  const children = cases.map(() => startChild(child));
  const contenders: Live[] = [
    ...ceilings(block).map((contender) => ({ ...contender, role: 'ceiling' as const, wanted: 0 })),
    ...cases.map((item, index) => libraryCase(block, item, children[index]!)),
    ...cases.map((item) => commandCase(block, item)),
    {
      what: 'command: all strings to /dev/null',
      role: 'lines',
      wanted: 0,
      run: () => timeCommand(memscanOf(block)),
    },
    { what: 'start', role: 'start', wanted: 0, run: () => timeCommand([...MEMSCAN, '--version']) },
  ];
  try {
    return resultOf(block, strings, await timeInRounds(contenders, rounds), judged);
  } finally {
    for (const { end } of children) end();
  }
}

// The number of strings in text pages is known. Random bytes add some by chance: memscan counts these, and lines and
// counts must agree.
async function countAll(block: Block): Promise<number> {
  const lines = await countLines(memscanOf(block));
  if (lines < block.textStrings) throw new Error(`${lines} strings, expected at least ${block.textStrings}`);
  return lines;
}

function libraryCase(block: Block, { what, expected, wanted }: Case, child: Child): Live {
  const { pid, start, end } = block;
  const task: LibraryTask = { target: pid, start: start.toString(16), end: end.toString(16), what };
  const run: Live['run'] = async () => {
    const { seconds, hits, peak } = await child.ask('library', task);
    expectEqual(`library: ${what}`, hits, expected);
    return { seconds, peak };
  };
  return { what: `library, warm: ${what}`, role: 'library', wanted, run };
}

function commandCase(block: Block, { what, sought, expected, wanted }: Case): Live {
  const command = memscanOf(block, '--count', ...argumentsFor(sought));
  const run: Live['run'] = () => timeChecked(command, expectNumber(`command: ${what}`, expected));
  return { what: `command: ${what}`, role: 'command', wanted, run };
}

function resultOf(block: Block, strings: number, timed: readonly Timed[], judged: boolean): LiveResult {
  const of = (role: Role): Timed[] => timed.filter((contender) => contender.role === role);
  const ceiling = of('ceiling').reduce((a, b) => (b.timing.median < a.timing.median ? b : a)).timing;
  const start = of('start')[0]!.timing;
  const toCeiling = (timing: Timing, wanted: number): Verdict => {
    const { median, best } = speedup(timing, ceiling);
    const of = `ceiling (best: ${best.toFixed(2)})`;
    return judged && wanted > 0 ? atLeast(median, wanted, of) : ratioTo(median, of);
  };
  const row = ({ what, timing, wanted }: Timed): Row => ({
    what,
    timing,
    bytes: block.bytes,
    verdict: toCeiling(timing, wanted),
  });
  const lessStart = (contender: Timed): Row =>
    row({
      ...contender,
      what: `${contender.what}, less start-up`,
      timing: less(contender.timing, start.median),
    });
  const commands = [...of('command'), ...of('lines')];
  return {
    rows: [
      ...[...of('ceiling'), ...of('library')].map(row),
      ...commands.map(lessStart),
      ...commands.map((contender) => row({ ...contender, wanted: 0 })),
    ],
    strings,
    ceiling,
    lines: of('lines')[0]!.timing,
    commands: of('command').map(({ timing }) => timing),
  };
}

import type { Encoding } from '../src/index.ts';
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
import { atLeast, ratioTo, type Row, type Verdict } from './table.ts';
import { type Block, COMMON_NEEDLE, RARE_HITS, RARE_NEEDLE } from './target.ts';

/** What memscan's counts on a live target come to. */
export interface LiveResult {
  readonly rows: readonly Row[];
  /** Strings of the block. */
  readonly strings: number;
  readonly ceiling: Timing;
  /** The command's wall time, for all strings written and for the rare literal. */
  readonly lines: Timing;
  readonly literal: Timing;
}

export interface LiveOptions {
  readonly child: string;
  readonly rounds: number;
  /** Whether the ratios wanted are held against the rows. */
  readonly judged: boolean;
}

interface Case {
  readonly what: string;
  readonly needle: string | undefined;
  readonly encoding?: readonly Encoding[];
  readonly expected: number;
  /** Of the ceiling. */
  readonly wanted: number;
}

const casesOf = (block: Block, strings: number): readonly Case[] => [
  { what: 'count of all strings', needle: undefined, expected: strings, wanted: 0.6 },
  { what: 'count of a rare literal', needle: RARE_NEEDLE, expected: RARE_HITS, wanted: 0.8 },
  {
    what: 'count of a literal in every text page',
    needle: COMMON_NEEDLE,
    expected: block.textPages,
    wanted: 0.8,
  },
  {
    what: 'count of a rare literal in four encodings',
    needle: RARE_NEEDLE,
    encoding: ['utf8', 'utf16le', 'latin1', 'gb18030'],
    expected: RARE_HITS,
    wanted: 0.5,
  },
];

type Role = 'ceiling' | 'library' | 'command' | 'lines' | 'start';

interface Live extends Contender {
  readonly role: Role;
  readonly wanted: number;
}

type Timed = Live & { readonly timing: Timing };

/** Times the ceilings and memscan's counts in the same rounds. Throws where a count is not the one expected. */
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

// The text's strings are known; what random bytes add by chance is memscan's word, which lines and counts must share.
async function countAll(block: Block): Promise<number> {
  const lines = await countLines(memscanOf(block));
  if (lines < block.textStrings) throw new Error(`${lines} strings, expected at least ${block.textStrings}`);
  return lines;
}

function libraryCase(block: Block, { what, needle, encoding, expected, wanted }: Case, child: Child): Live {
  const { pid, start, end } = block;
  const task: LibraryTask = {
    target: pid,
    start: start.toString(16),
    end: end.toString(16),
    pattern: needle,
    encoding,
  };
  const run: Live['run'] = async () => {
    const { seconds, strings, peak } = await child.ask('library', task);
    expectEqual(`library: ${what}`, strings, expected);
    return { seconds, peak };
  };
  return { what: `library, warm: ${what}`, role: 'library', wanted, run };
}

function commandCase(block: Block, { what, needle, encoding, expected, wanted }: Case): Live {
  const grep = needle === undefined ? [] : ['--fixed', '--grep', needle];
  const encodings = encoding ? ['--encoding', encoding.join(',')] : [];
  const command = memscanOf(block, '--count', ...grep, ...encodings);
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
    literal: of('command')[1]!.timing,
  };
}

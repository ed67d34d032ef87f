import { countLines, expectNumber, memscanOf, timeChecked, timeCommand } from './command.ts';
import type { LiveResult } from './live.ts';
import { type Sample, sumOf, timeInRounds, type Timing } from './measure.ts';
import { RARE_LITERAL, SEARCHES, searchOf } from './searches.ts';
import { atLeast, type Row, type Verdict } from './table.ts';
import { type Block, RARE_HITS, RARE_NEEDLE } from './target.ts';
import { isInstalled } from './tools.ts';

interface Peer {
  readonly key: 'gdb' | 'strings' | 'grep';
  readonly what: string;
  readonly programs: readonly string[];
  readonly run: () => Promise<Sample>;
}

/** How many times as fast as strings(1) memscan must be. */
const THAN_STRINGS = 20;
const THAN_OLD_WAY = 60;

function peersOf(block: Block, dump: string): readonly Peer[] {
  const hits = expectNumber('hits of the rare literal', RARE_HITS);
  const grep = `strings -a -n 10 ${dump} | grep -c -F ${RARE_NEEDLE}`;
  return [
    {
      key: 'gdb',
      what: 'gdb dump memory (stops the target)',
      programs: ['gdb'],
      run: () => timeCommand(gdbDump(block, dump)),
    },
    {
      key: 'strings',
      what: 'strings -10 of the dump to /dev/null',
      programs: ['strings'],
      run: () => timeCommand(['strings', '-a', '-n', '10', dump]),
    },
    {
      key: 'grep',
      what: 'strings -10 of the dump | grep -c a rare literal',
      programs: ['strings', 'grep'],
      run: () => timeChecked(['sh', '-c', grep], hits),
    },
  ];
}

/** Times other tools on the same target, and on `dump`, a new file with its contents. */
export async function timePeers(
  block: Block,
  dump: string,
  live: LiveResult,
  rounds: number,
): Promise<Row[]> {
  if (isInstalled('strings')) await compareWithStrings(block, dump);
  const peers = peersOf(block, dump);
  const isHere = ({ programs }: Peer): boolean => programs.every(isInstalled);
  const timed = await timeInRounds(peers.filter(isHere), rounds);
  const timingOf = (key: Peer['key']): Timing | undefined => timed.find((peer) => peer.key === key)?.timing;
  const literal = live.commands[SEARCHES.indexOf(searchOf(RARE_LITERAL))]!;
  const rows = peers.map(({ key, what }): Row => {
    const timing = timingOf(key);
    if (!timing) return { what: `${what}: not installed` };
    return { what, timing, bytes: block.bytes, verdict: verdictOn(key, timing, live.lines, literal) };
  });
  return [...rows, ...oldWay(timingOf('gdb'), timingOf('grep'), literal, block.bytes)];
}

// strings(1) verifies the count, which is not known in advance.
async function compareWithStrings(block: Block, dump: string): Promise<void> {
  const expected = await countLines(['strings', '-a', '-n', '10', dump]);
  await timeChecked(
    memscanOf(block, '--count', '--encoding', 'ascii'),
    expectNumber('ASCII strings', expected),
  );
}

function verdictOn(key: Peer['key'], timing: Timing, lines: Timing, literal: Timing): Verdict | undefined {
  if (key === 'gdb') return undefined;
  if (key === 'strings') return atLeast(timing.median / lines.median, THAN_STRINGS, 'memscan, all strings');
  return { shown: `${(timing.median / literal.median).toFixed(1)} x memscan, literal` };
}

function oldWay(dump: Timing | undefined, grep: Timing | undefined, literal: Timing, bytes: number): Row[] {
  if (!dump || !grep) return [];
  const timing = sumOf(dump, grep);
  const verdict = atLeast(timing.median / literal.median, THAN_OLD_WAY, 'memscan, literal');
  return [{ what: 'the old way: gdb, then strings | grep', timing, bytes, verdict }];
}

function gdbDump({ pid, start, end }: Block, dump: string): string[] {
  const command = `dump memory ${dump} 0x${start.toString(16)} 0x${end.toString(16)}`;
  return ['gdb', '-nx', '-p', String(pid), '-batch', '-ex', command];
}

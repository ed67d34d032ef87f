import { writeFileSync } from 'node:fs';

import { scratch } from './cleanup.ts';
import { expectEqual, expectNumber, timeChecked } from './command.ts';
import type { LiveResult } from './live.ts';
import { type Contender, timeInRounds } from './measure.ts';
import { type ForPeers, SEARCHES } from './searches.ts';
import { atLeast, type Row } from './table.ts';
import { type Block, RARE_HITS } from './target.ts';
import { isInstalled } from './tools.ts';

interface Peer extends Contender {
  readonly program: 'rg' | 'yara';
  /** Index of the search. */
  readonly search: number;
}

/** Times each search with ripgrep on `dump`, an existing file of the block, and with yara on the live process. */
export async function timeSearchPeers(
  block: Block,
  dump: string,
  { commands }: LiveResult,
  rounds: number,
): Promise<Row[]> {
  const peers = SEARCHES.flatMap(({ what, peers }, search) =>
    peers ? peersOf(block, dump, what, peers, search) : [],
  );
  const timed = await timeInRounds(
    peers.filter(({ program }) => isInstalled(program)),
    rounds,
  );
  return peers.map(({ what, program, search }): Row => {
    const timing = timed.find((peer) => peer.what === what)?.timing;
    if (!timing) return { what: `${what}: ${program} is not installed` };
    const verdict = atLeast(timing.median / commands[search]!.median, 1, 'memscan');
    return { what, timing, bytes: block.bytes, verdict };
  });
}

function peersOf(block: Block, dump: string, what: string, { rg, yara }: ForPeers, search: number): Peer[] {
  const rule = writeRule(yara, search);
  return [
    {
      program: 'rg',
      search,
      what: `ripgrep, the dump: ${what}`,
      run: () =>
        timeChecked(['rg', '--no-config', '-a', '-c', ...rg, dump], expectNumber(`rg: ${what}`, RARE_HITS)),
    },
    {
      program: 'yara',
      search,
      what: `yara, the process: ${what}`,
      run: () => timeChecked(['yara', '-w', '-s', rule, String(block.pid)], yaraHits(block, what)),
    },
  ];
}

function writeRule(strings: readonly string[], search: number): string {
  const path = scratch(`rule-${search}.yar`);
  const lines = [...new Set(strings)].map((text, i) => `$s${i} = ${text}`);
  writeFileSync(path, `rule search {\nstrings:\n${lines.join('\n')}\ncondition: any of them\n}\n`);
  return path;
}

// yara also scans the target's program, which contains the planted text as well.
const yaraHits =
  ({ start, end }: Block, what: string) =>
  (output: string): void => {
    const addresses = [...output.matchAll(/^(0x[0-9a-f]+):\$s/gm)].map(([, address]) => BigInt(address!));
    const inside = addresses.filter((address) => address >= start && address < end);
    expectEqual(`yara: ${what}`, inside.length, RARE_HITS);
  };

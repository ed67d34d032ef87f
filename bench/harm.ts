import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { scratch } from './cleanup.ts';
import { MEMSCAN, timeCommand } from './command.ts';
import { type Heartbeat, type Latencies, type Report, startHeartbeat } from './heartbeat.ts';
import type { Row } from './table.ts';
import { isInstalled } from './tools.ts';

const MEBIBYTES = 512;

/** Minimum time for each contender, in seconds: the 99.9th percentile needs about 3,000 beats. */
const SECONDS = 3;

/** What runs against the target. */
interface Contender {
  readonly what: string;
  readonly command: ((target: Heartbeat) => readonly string[]) | undefined;
}

const memscan =
  (...options: readonly string[]) =>
  ({ pid }: Heartbeat): readonly string[] => [...MEMSCAN, String(pid), '--count', ...options];

const CONTENDERS: readonly Contender[] = [
  { what: 'without a scan', command: undefined },
  { what: 'memscan', command: memscan() },
  { what: 'memscan --full-speed', command: memscan('--full-speed') },
  { what: 'memscan --max-rate 500M', command: memscan('--max-rate', '500M') },
  { what: 'memscan --max-cpu 50%', command: memscan('--max-cpu', '50%') },
  { what: 'gdb dump memory', command: gdbDump },
];

function gdbDump({ pid, start, bytes }: Heartbeat): readonly string[] {
  const end = start + BigInt(bytes);
  const dump = `dump memory ${scratch('harm')} 0x${start.toString(16)} 0x${end.toString(16)}`;
  return ['gdb', '-nx', '-p', String(pid), '-batch', '-ex', dump];
}

/**
 * Measures what a busy target suffers while it is scanned again and again: a heartbeat of 1 kHz, and malloc, mmap and
 * munmap. First with otherwise idle CPUs, then with as many computing threads in the target as there are CPUs.
 */
export async function timeHarm(quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const hogs of quick ? [0] : [0, availableParallelism()]) {
    const target = await startHeartbeat(MEBIBYTES, hogs);
    try {
      for (const contender of CONTENDERS) rows.push(...(await rowsOf(target, contender, hogs)));
    } finally {
      target.end();
    }
  }
  return rows;
}

async function rowsOf(target: Heartbeat, { what, command }: Contender, hogs: number): Promise<Row[]> {
  const where = hogs > 0 ? `, ${hogs} of its threads compute` : '';
  const args = command?.(target);
  if (args && !isInstalled(args[0]!) && args[0] !== process.execPath)
    return [{ what: `${what}${where}: not installed` }];
  await target.report();
  const runs = await keepBusy(args);
  return reportRows(`${what}${where}`, await target.report(), runs);
}

/** Returns how long each run took, in seconds. */
async function keepBusy(args: readonly string[] | undefined): Promise<number[]> {
  const runs: number[] = [];
  if (!args) await delay(1000 * SECONDS);
  else
    for (let spent = 0; spent < SECONDS; spent += runs.at(-1)!) runs.push((await timeCommand(args)).seconds);
  return runs;
}

function reportRows(what: string, { beats, rounds }: Report, runs: readonly number[]): Row[] {
  const each =
    runs.length > 0 ? `, ${(runs.reduce((sum, run) => sum + run, 0) / runs.length).toFixed(2)} s a run` : '';
  return [
    { what: `${what}${each}: a beat is late by`, verdict: { shown: shown(beats) } },
    { what: `${what}: a round of allocating takes`, verdict: { shown: shown(rounds) } },
  ];
}

/** p50, p99, p99.9 and maximum, in milliseconds. */
const shown = ({ p50, p99, p999, max }: Latencies): string =>
  [p50, p99, p999, max].map((microseconds) => (microseconds / 1000).toFixed(2)).join(' / ');

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { endProcess, endWithUs } from './cleanup.ts';
import { tool } from './tools.ts';

/** Latencies in microseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** How late beats came, and how long rounds of allocation took. */
export interface Report {
  readonly beats: Latencies;
  readonly rounds: Latencies;
}

/** A target that measures its own latencies: see heartbeat.c. */
export interface Heartbeat {
  readonly pid: number;
  readonly start: bigint;
  readonly bytes: number;
  /** Reports the time since the previous report. */
  report(): Promise<Report>;
  end(): void;
}

/** `hogs` is the number of its threads that only compute. */
export async function startHeartbeat(mebibytes: number, hogs: number): Promise<Heartbeat> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    tool('heartbeat'),
    [String(mebibytes), String(hogs)],
    { detached: true, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  endWithUs(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async (): Promise<string[]> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the target ended');
    return value.split(' ').slice(1);
  };
  const [pid, start, bytes] = await answer();
  return {
    pid: Number(pid),
    start: BigInt(`0x${start}`),
    bytes: Number(bytes),
    report: async () => {
      child.stdin.write('\n');
      const numbers = (await answer()).map(Number);
      return { beats: latenciesOf(numbers.slice(0, 4)), rounds: latenciesOf(numbers.slice(4)) };
    },
    end: () => endProcess(child),
  };
}

function latenciesOf([p50, p99, p999, max]: readonly number[]): Latencies {
  return { p50: p50!, p99: p99!, p999: p999!, max: max! };
}

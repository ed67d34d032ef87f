import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { endWithUs, scratch } from './cleanup.ts';
import type { Sample } from './measure.ts';
import type { Block } from './target.ts';
import { root, tool } from './tools.ts';

export const MEMSCAN: readonly string[] = [process.execPath, `${root}bin/memscan.js`];

/** memscan's command line, restricted to the block: expected counts refer to it. */
export function memscanOf({ pid, start, end }: Block, ...args: readonly string[]): string[] {
  return [...MEMSCAN, String(pid), '--range', `${start.toString(16)}-${end.toString(16)}`, ...args];
}

/** Times a command, with its output to /dev/null. */
export async function timeCommand(command: readonly string[]): Promise<Sample> {
  const { sample } = await run(command, 'ignore', async () => undefined);
  return sample;
}

/** Times a command and passes its output to `check`, which throws if the output is wrong. */
export async function timeChecked(
  command: readonly string[],
  check: (output: string) => void,
): Promise<Sample> {
  const { sample, result } = await run(command, 'pipe', text);
  check(result);
  return sample;
}

/** Runs a command and counts the lines of its output. */
export async function countLines(command: readonly string[]): Promise<number> {
  const { result } = await run(command, 'pipe', async (output) => {
    let lines = 0;
    for await (const data of output as AsyncIterable<Buffer>) lines += lineFeeds(data);
    return lines;
  });
  return result;
}

function lineFeeds(data: Buffer): number {
  let count = 0;
  for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) count++;
  return count;
}

interface Ran<Result> {
  readonly sample: Sample;
  readonly result: Result;
}

async function run<Result>(
  command: readonly string[],
  stdout: 'ignore' | 'pipe',
  take: (output: Readable) => Promise<Result>,
): Promise<Ran<Result>> {
  const usage = scratch('usage');
  const child = endWithUs(
    spawn(tool('rusage'), [usage, ...command], { detached: true, stdio: ['ignore', stdout, 'pipe'] }),
  );
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code, errors, result] = await Promise.all([exit, text(child.stderr!), take(child.stdout!)]);
  const [seconds, kilobytes, status] = code === 0 ? readFileSync(usage, 'utf8').split(' ').map(Number) : [];
  if (status !== 0) throw new Error(`${command.join(' ')}: exit status ${status ?? code}\n${errors}`);
  return { sample: { seconds: seconds!, peak: kilobytes! * 1024 }, result };
}

/** A check for timeChecked(): the output must be this number. */
export function expectNumber(what: string, expected: number): (output: string) => void {
  return (output) => expectEqual(what, Number(output), expected);
}

export function expectEqual(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what}: ${actual}, expected ${expected}`);
}

/** Memory that the machine has available, in bytes. */
export function availableBytes(): number {
  const kilobytes = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

import { endProcess, endWithUs } from './cleanup.ts';
import { tool } from './tools.ts';

/** As in target.c. */
export const COMMON_NEEDLE = 'in-every-text-page';
export const RARE_NEEDLE = 'rare-needle-zq7';
export const RARE_HITS = 7;
export const RARE_BYTES = 'ca fe ?? 7? ba be';
export const RARE_POINTED_TO = { start: 0x5500_0000_1000n, end: 0x5500_0000_2000n };

export const MIB = 1 << 20;
export const GIB = 1 << 30;

const PAGE = 4096;

export type Pages = '4k' | 'huge';

/** A live process with one block of known content. */
export interface Block {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly bytes: number;
  /** Number of strings of at least 10 characters in its text pages. Other pages may contain a few by chance. */
  readonly textStrings: number;
  /** Number of text pages, a quarter of all pages. */
  readonly textPages: number;
}

export const startMixed = (bytes: number, pages: Pages): Promise<Block> =>
  start([String(bytes / MIB), pages]);

/** Starts a target with only one kind of text; `textStrings` is the exact number of its strings. */
export const startPushes = (bytes: number, encoding: 'utf8' | 'utf16'): Promise<Block> =>
  start([String(bytes / MIB), encoding]);

export const startSparse = (): Promise<Block> => start(['sparse']);

export const startRegions = (count: number): Promise<Block> => start(['regions', String(count)]);

export const endTarget = (block: Block): void => endProcess(block.child);

async function start(args: string[]): Promise<Block> {
  const child = endWithUs(
    spawn(tool('target'), args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout!.once('data', (text: Buffer) => resolve(text.toString()));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the target ended: ${code ?? signal}`)));
  });
  const [, pid, address, bytes, textStrings] = line.trim().split(' ');
  const begin = BigInt(`0x${address}`);
  const length = Number(bytes);
  return {
    child,
    pid: Number(pid),
    start: begin,
    end: begin + BigInt(length),
    bytes: length,
    textStrings: Number(textStrings),
    textPages: length / PAGE / 4,
  };
}

/** Share of the block's memory that is in huge pages, 0 to 1. */
export function hugeShare({ pid, start, bytes }: Block): number {
  const regions = readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const region = regions.find((text) => text.startsWith(`${start.toString(16)}-`)) ?? '';
  const kilobytes = /^AnonHugePages: +(\d+) kB$/m.exec(region)?.[1];
  return (Number(kilobytes ?? 0) * 1024) / bytes;
}

/** Copies the block's first bytes to a file. */
export function copyToFile({ pid, start }: Block, bytes: number, path: string): void {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const file = openSync(path, 'w', 0o600);
  const buffer = Buffer.alloc(4 * MIB);
  for (let at = 0; at < bytes; at += buffer.length) {
    const count = readSync(memory, buffer, 0, Math.min(buffer.length, bytes - at), start + BigInt(at));
    writeSync(file, buffer, 0, count);
  }
  closeSync(memory);
  closeSync(file);
}

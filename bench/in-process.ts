import { rmSync } from 'node:fs';

import { startChild } from './children.ts';
import { scratch } from './cleanup.ts';
import type { KernelResult } from './kernels.ts';
import { timingOf } from './measure.ts';
import { ratioTo, type Row } from './table.ts';
import { type Block, copyToFile, MIB } from './target.ts';

const BYTES = 64 * MIB;
const TEXT_PAGES = BYTES / 4096 / 4;

/** Times the kernels on a file of the same pages, in one process, with the package `benchmark`. */
export async function timeKernelsOn(block: Block, childFile: string, seconds: number): Promise<Row[]> {
  const file = scratch('mixed');
  copyToFile(block, BYTES, file);
  const child = startChild(childFile);
  try {
    const results = await child.ask('kernels', { file, textPages: TEXT_PAGES, seconds });
    return results.map((result) => rowOf(result, results));
  } finally {
    child.end();
    rmSync(file);
  }
}

function rowOf({ kernel, what, seconds }: KernelResult, all: readonly KernelResult[]): Row {
  const timing = timingOfSeconds(seconds);
  const scalar = timingOfSeconds(
    all.find((other) => other.what === what && other.kernel === 'scalar')!.seconds,
  );
  return {
    what: `${kernel}: ${what}`,
    timing,
    bytes: BYTES,
    verdict: ratioTo(scalar.median / timing.median, 'scalar'),
  };
}

const timingOfSeconds = (seconds: readonly number[]) =>
  timingOf(seconds.map((value) => ({ seconds: value })));

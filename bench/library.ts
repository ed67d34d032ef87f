import { openTarget } from '../src/index.ts';
import { countSought, searchOf } from './searches.ts';

/** A scan that a child repeats. Addresses are in hexadecimal. */
export interface LibraryTask {
  readonly target: number;
  readonly start: string;
  readonly end: string;
  /** Name of a search. */
  readonly what: string;
}

export interface LibraryResult {
  readonly seconds: number;
  readonly hits: number;
  readonly peak: number;
}

/** Opens the target and counts twice; as with the ceiling, only the second pass is timed. */
export async function runTask(task: LibraryTask): Promise<LibraryResult> {
  await countOnce(task);
  const begun = performance.now();
  const hits = await countOnce(task);
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, hits, peak: process.resourceUsage().maxRSS * 1024 };
}

async function countOnce({ target, start, end, what }: LibraryTask): Promise<number> {
  const ranges = [{ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) }];
  const opened = await openTarget(target);
  try {
    return await countSought(opened, searchOf(what).sought, { ranges });
  } finally {
    opened.close();
  }
}

import { countStrings, type Encoding, openTarget } from '../src/index.ts';

/** What a child scans each time it is asked. Addresses in hexadecimal. */
export interface LibraryTask {
  readonly target: number;
  readonly start: string;
  readonly end: string;
  readonly pattern: string | undefined;
  readonly encoding: readonly Encoding[] | undefined;
}

export interface LibraryResult {
  readonly seconds: number;
  readonly strings: number;
  readonly peak: number;
}

/** Opens the target and counts, twice: as with the ceiling, the second pass is the one that is timed. */
export async function runTask(task: LibraryTask): Promise<LibraryResult> {
  await countOnce(task);
  const begun = performance.now();
  const strings = await countOnce(task);
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, strings, peak: process.resourceUsage().maxRSS * 1024 };
}

async function countOnce({ target, start, end, pattern, encoding }: LibraryTask): Promise<number> {
  const ranges = [{ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) }];
  const opened = await openTarget(target);
  try {
    return await countStrings(opened, {
      ranges,
      ...(pattern !== undefined && { pattern }),
      ...(encoding && { encoding }),
    });
  } finally {
    opened.close();
  }
}

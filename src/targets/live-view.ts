import { readFileSync } from 'node:fs';

import type { Memory } from '../memory/memory.ts';
import type { Region } from '../memory/region.ts';
import { openMapped } from '../proc/mapped-file.ts';
import { threadsOf } from '../proc/threads.ts';
import type { ProcessView } from '../runtimes/view.ts';
import { withImage } from './image.ts';

/** Process `pid`, for runtimes to be recognised in. `regions` are as maps lists them. */
export const liveView = (pid: number, regions: readonly Region[], memory: Memory): ProcessView => ({
  regions,
  memory,
  threads: () => threadsOf(pid),
  commandLine: () => commandLineOf(pid),
  withImage: (region, use) => withImage(openMapped(pid, region), use),
});

function commandLineOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
  } catch {
    return []; // it has ended, or is not ours
  }
}

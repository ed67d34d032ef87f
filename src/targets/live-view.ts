import { readFileSync } from 'node:fs';

import type { Memory } from '../memory/memory.ts';
import type { Region } from '../memory/region.ts';
import { openMapped } from '../proc/mapped-file.ts';
import { threadsOf } from '../proc/threads.ts';
import type { ProcessView } from '../runtimes/view.ts';
import { withImage } from './image.ts';

/** A view of process `pid` for detectors of runtimes. `regions` are those that maps lists. */
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
    return []; // it has ended, or this user may not read it
  }
}

import type { Memory } from '../../memory/memory.ts';
import { ownMemory } from '../../memory/own-memory.ts';
import { PagedMemory } from '../../memory/paged-memory.ts';
import { firstEndingAfter, type Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import type { Thread } from '../../proc/threads.ts';
import { searchPthreads } from './pthread-search.ts';
import { type Pthread, pthreadsAround } from './pthreads.ts';

/** Reads of descriptors in lists, besides some for each thread: glibc also lists up to 40 MiB of unused stacks. */
const MOST_LISTED = 2048;
/** Most regions that one stack may consist of. */
const MOST_REGIONS = 16;

/**
 * Returns the stacks of threads that have a C library's descriptor, by the thread ids that the process sees. The lists lead from
 * one descriptor to all others, even those of running threads and of adjacent stacks in one region.
 */
export function stacksByPthread(
  threads: readonly Thread[],
  regions: readonly Region[],
  memory: Memory,
): Map<number, Range> {
  const stacks = new Map<number, Range>();
  const missing = new Map(threads.map((thread) => [thread.ownId, thread]));
  const add = (pthread: Pthread): void => {
    const stack = missing.has(pthread.tid) ? usableStack(pthread, regions) : undefined;
    if (!stack) return;
    missing.delete(pthread.tid);
    stacks.set(pthread.tid, stack);
  };
  const own = ownMemory(memory, regions);
  const budget = MOST_LISTED + 8 * threads.length;
  const listed = new PagedMemory(own, { pages: budget, reads: budget });
  for (const { layout, pthread: first } of searchPthreads(missing, regions, own)) {
    if (!missing.has(first.tid)) continue;
    for (const pthread of pthreadsAround(layout, listed, first.link)) {
      add(pthread);
      if (missing.size === 0) return stacks;
    }
  }
  return stacks;
}

function usableStack({ link, stacks }: Pthread, regions: readonly Region[]): Range | undefined {
  const around = readableAround(link, regions);
  const stack = around && stacks.find(({ end }) => end <= around.end);
  return stack && { start: stack.start > around.start ? stack.start : around.start, end: stack.end };
}

// Adjacent readable regions up to the end of the one with the descriptor. A stack may consist of several: the JVM, for example,
// turns the lowest pages of its stacks into its own guard.
function readableAround(link: bigint, regions: readonly Region[]): Range | undefined {
  const top = firstEndingAfter(regions, link);
  let lowest = regions[top];
  if (!lowest || link < lowest.start) return undefined;
  for (let i = top - 1; i >= 0 && i > top - MOST_REGIONS; i--) {
    const below = regions[i]!;
    if (below.end !== lowest.start || !below.perms.startsWith('r')) break;
    lowest = below;
  }
  return { start: lowest.start, end: regions[top]!.end };
}

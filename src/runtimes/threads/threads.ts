import type { Memory } from '../../memory/memory.ts';
import type { Part } from '../../memory/parts.ts';
import type { Region } from '../../memory/region.ts';
import type { Thread } from '../../proc/threads.ts';
import type { Detector } from '../runtime.ts';
import { stacksByPthread } from './pthread-stacks.ts';
import { stackAt, stacksByName } from './stack-regions.ts';

/** The stacks of threads, whatever the program is written in. */
export const threads: Detector = {
  name: 'threads',
  detect: (view) => ({ parts: () => threadStackParts(view.threads(), view.regions, view.memory) }),
};

/**
 * The stacks of threads, in any order: what can be read of them, without guards. Where a C library's descriptors are found,
 * stacks are exact, and have descriptors and the threads' variables in them; elsewhere see stack-regions.ts. Threads that
 * have ended, or of which nothing is known, have none.
 */
export function threadStackParts(all: readonly Thread[], regions: readonly Region[], memory: Memory): Part[] {
  const exact = stacksByPthread(all, regions, memory);
  const named = stacksByName(regions);
  return all.flatMap((thread): Part[] => {
    const stack = exact.get(thread.ownId) ?? named(thread) ?? stackAt(thread.stackPointer(), regions);
    const name = thread.name();
    if (!stack || name === undefined) return [];
    return [{ ...stack, kind: 'thread-stack', facts: { thread: { id: thread.id, name } } }];
  });
}

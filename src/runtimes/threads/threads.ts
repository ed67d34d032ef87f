import type { Memory } from '../../memory/memory.ts';
import type { Part } from '../../memory/parts.ts';
import type { Region } from '../../memory/region.ts';
import type { Thread } from '../../proc/threads.ts';
import type { Detector } from '../runtime.ts';
import { stacksByPthread } from './stacks-by-pthread.ts';
import { stackAt, stacksByName } from './stacks-by-region.ts';

/** The stacks of threads, for programs in any language. */
export const threads: Detector = {
  detect: (view) => ({ parts: () => threadStackParts(view.threads(), view.regions, view.memory) }),
};

/**
 * Returns the readable parts of threads' stacks, without guards, in any order. With a C library's descriptor, a stack is exact,
 * and includes the descriptor and the thread's variables; otherwise it comes from a region (see stacks-by-region.ts). Threads that
 * have ended, or of which nothing is known, have no part.
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

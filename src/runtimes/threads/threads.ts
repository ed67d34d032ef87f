import type { Memory } from '../../memory/memory.ts';
import type { Part } from '../../memory/parts.ts';
import type { Region } from '../../memory/region.ts';
import { stacksByPthread } from './pthread-stacks.ts';
import { stackAt, stacksByName } from './stack-regions.ts';
import { nameOf, otherTasks, stackPointers } from './tasks.ts';

/**
 * The stacks of the threads of process `pid` but the main one's, in no order: what can be read
 * of them, without guards. By the C library's descriptors they are exact, and hold those and the thread's variables,
 * too; otherwise as stack-regions.ts tells. Threads that have ended, or of which nothing is known, have none.
 */
export function threadStackParts(pid: number, regions: readonly Region[], memory: Memory): Part[] {
  const tasks = otherTasks(pid);
  const pointerOf = stackPointers(pid);
  const exact = stacksByPthread(tasks, pointerOf, regions, memory);
  const named = stacksByName(regions);
  return tasks.flatMap((task): Part[] => {
    const stack = exact.get(task.ownTid) ?? named(task) ?? stackAt(pointerOf(task), regions);
    const name = nameOf(pid, task.tid);
    if (!stack || name === undefined) return [];
    return [{ ...stack, kind: 'thread-stack', facts: { thread: { id: task.tid, name } } }];
  });
}

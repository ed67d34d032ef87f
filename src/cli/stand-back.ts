import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

import { addon } from '../native.ts';
import { isErrno } from '../target/procfs.ts';

/**
 * Enough for a busy target to go first, yet no more: with 19, or SCHED_IDLE, a thread of ours may not run again for a
 * second while it holds the target's mmap_lock, and the target's threads that map memory wait for it (measured; see
 * native/stepping_aside.h for what else there is).
 */
const NICENESS = 5;

/** Lets others on the machine go first: this process's threads, and those they make, have a lower priority. */
export function standBack(): void {
  for (const thread of readdirSync('/proc/self/task')) lowerPriority(Number(thread));
  addon.standBack();
}

// On Linux niceness is a thread's own (sched(7)), and setpriority(2) takes a thread's number.
function lowerPriority(thread: number): void {
  try {
    if (getPriority(thread) < NICENESS) setPriority(thread, NICENESS);
  } catch (error) {
    if (!isErrno(error, 'ERR_SYSTEM_ERROR')) throw error; // it has ended
  }
}

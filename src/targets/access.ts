import { statSync } from 'node:fs';

import { MemscanError } from '../base/errors.ts';
import { noCoverage } from '../memory/coverage.ts';
import { parseStatus, readProc } from '../proc/procfs.ts';
import { openProcess } from './process.ts';
import type { Target } from './target.ts';

/**
 * Reads one byte of a process, which is in memory. Returns why that is not permitted, or undefined where it is. Throws
 * NO_SUCH_PROCESS, NO_MEMORY_OF_ITS_OWN, TARGET_ENDED.
 */
export async function whyUnreadable(pid: number): Promise<MemscanError | undefined> {
  try {
    const target = openProcess(pid);
    try {
      await readOneByte(target);
    } finally {
      target.close();
    }
    return undefined;
  } catch (error) {
    if (error instanceof MemscanError && error.code === 'NOT_PERMITTED') return error;
    throw error;
  }
}

// To see page tables takes less than to read memory: ptrace(2), "Ptrace access mode checking".
async function readOneByte(target: Target): Promise<void> {
  for await (const [first] of target.spans({ all: true, ranges: [] }, noCoverage())) {
    if (!first) continue;
    const { status } = await target.source.copy(BigUint64Array.of(first.start, first.start + 1n));
    if (status === 'not-permitted') throw target.notPermittedError();
    if (status === 'ended') throw target.endedError();
    return;
  }
}

/**
 * Whether others of the same user may read a process (PR_SET_DUMPABLE in prctl(2)): while not, its files in /proc belong
 * to root. Undefined of root's own processes, which do not show it.
 */
export function isDumpable(pid: number): boolean | undefined {
  const effective = parseStatus(readProc(pid, 'status') ?? '')
    .get('Uid')
    ?.split(/\s+/)[1];
  const owner = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
  if (effective === undefined || owner === undefined || effective === '0') return undefined;
  return Number(effective) === owner;
}

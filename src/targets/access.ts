import { statSync } from 'node:fs';

import { MemscanError } from '../base/errors.ts';
import { noCoverage } from '../memory/coverage.ts';
import { parseStatus, readProc } from '../proc/procfs.ts';
import { openProcess } from './process.ts';
import type { Target } from './target.ts';

/**
 * Tries to read one resident byte of a process. Returns the error if that is not permitted, otherwise undefined. Throws
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

// Reading page tables takes fewer rights than reading memory: ptrace(2), "Ptrace access mode checking".
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
 * Whether other processes of the same user may read a process (PR_SET_DUMPABLE in prctl(2)). If not, its files in /proc belong
 * to root. Undefined for root's own processes, whose files do not show it.
 */
export function isDumpable(pid: number): boolean | undefined {
  const effective = parseStatus(readProc(pid, 'status') ?? '')
    .get('Uid')
    ?.split(/\s+/)[1];
  const owner = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
  if (effective === undefined || owner === undefined || effective === '0') return undefined;
  return Number(effective) === owner;
}

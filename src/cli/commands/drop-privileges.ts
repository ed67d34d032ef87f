import { getSystemErrorName } from 'node:util';

import { ownProcess } from '../../native/own-process.ts';
import { capabilityBit } from '../../proc/capabilities.ts';

/**
 * The capabilities that reading a process needs: for its memory; for its files in /proc, which belong to its user; and for
 * the file behind a mapping, where that was deleted or is in another mount namespace (proc_pid_map_files(5)).
 */
const READING = ['CAP_SYS_PTRACE', 'CAP_DAC_READ_SEARCH', 'CAP_CHECKPOINT_RESTORE'] as const;

/** A file may go to a folder of another user's: `sudo memscan dump … -o core` in one's own. */
const WRITING = [...READING, 'CAP_DAC_OVERRIDE'] as const;

export type Privileges = 'reading' | 'writing';

/**
 * Gives up all capabilities that the work does not need, for good, in all threads. Returns a warning where that fails; the
 * work can go on all the same.
 */
export function keepPrivileges(work: Privileges): string | undefined {
  const kept = work === 'writing' ? WRITING : READING;
  const error = ownProcess.dropPrivileges(kept.reduce((bits, name) => bits | capabilityBit(name), 0n));
  return error ? `privileges were not given up: ${getSystemErrorName(-error)}` : undefined;
}

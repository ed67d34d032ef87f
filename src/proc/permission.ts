import { readFileSync, statSync } from 'node:fs';

import { MemscanError } from '../base/errors.ts';
import { ownCapabilities } from './capabilities.ts';
import { type Identity, type Obstacle, obstacleTo, obstacleToOthers, type Rights } from './obstacles.ts';
import { parseStatus, readProc } from './procfs.ts';

/** Says why process `pid` may not be read, and what would help. */
export function notPermitted(pid: number): MemscanError {
  const { reason, advice } = obstacleTo(ownRights(), identityOf(pid));
  return new MemscanError('NOT_PERMITTED', `not permitted to read process ${pid}: ${reason}`, advice);
}

/** What keeps memscan from reading others' processes here, whatever the process. */
export const obstacleHere = (): Obstacle | undefined => obstacleToOthers(ownRights());

const ownRights = (): Rights => ({
  uid: process.geteuid!(),
  gid: process.getgid!(),
  hasSysPtrace: ownCapabilities().includes('CAP_SYS_PTRACE'),
  ptraceScope: ptraceScope(),
});

const identityOf = (pid: number): Identity => ({
  uid: ownerOf(pid),
  gids: idsOf(pid, 'Gid')?.slice(0, 3) ?? [],
});

/** The real user of a process: the owner of /proc/PID is root while it is not dumpable. */
export const ownerOf = (pid: number): number | undefined =>
  idsOf(pid, 'Uid')?.[0] ?? statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;

/** Real, effective, saved and of the file system, in this order; undefined where they cannot be read. */
const idsOf = (pid: number, field: 'Uid' | 'Gid'): number[] | undefined =>
  parseStatus(readProc(pid, 'status') ?? '')
    .get(field)
    ?.split(/\s+/)
    .map(Number);

/** Of Yama: 0 to 3. Undefined where the kernel has none. */
export function ptraceScope(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8').trim();
  } catch {
    return undefined;
  }
}

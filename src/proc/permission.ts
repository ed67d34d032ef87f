import { readFileSync, statSync } from 'node:fs';

import { MemscanError } from '../base/errors.ts';
import { ownCapabilities } from './capabilities.ts';
import { parseStatus, readProc } from './procfs.ts';

/** Says why process `pid` may not be read, and what would help. ptrace(2), "Ptrace access mode checking", has the rules. */
export function notPermitted(pid: number): MemscanError {
  const { reason, advice } = explain(pid);
  return new MemscanError('NOT_PERMITTED', `not permitted to read process ${pid}: ${reason}`, advice);
}

/** Why something may not be read, and what to do. */
export interface Obstacle {
  readonly reason: string;
  readonly advice: string;
}

const AS_ROOT = 'run memscan as root: sudo memscan …';

/** What keeps memscan from reading others' processes here, whatever the process. */
export function obstacleHere(): Obstacle | undefined {
  if (ptraceScope() === '3') {
    return {
      reason: 'kernel.yama.ptrace_scope is 3, which forbids it to everyone',
      advice: 'boot with another kernel.yama.ptrace_scope: 3 cannot be taken back on a running system',
    };
  }
  if (ownCapabilities().includes('CAP_SYS_PTRACE')) return undefined;
  if (process.geteuid!() === 0) {
    return {
      reason: 'this root lacks the capability CAP_SYS_PTRACE',
      advice: 'start the container with --cap-add SYS_PTRACE, or run memscan on the host',
    };
  }
  return { reason: 'it takes the capability CAP_SYS_PTRACE, which root has', advice: AS_ROOT };
}

function explain(pid: number): Obstacle {
  const uid = process.geteuid!();
  const owner = ownerOf(pid);
  const scope = ptraceScope();
  const here = obstacleHere();
  if (here && (uid === 0 || scope === '3')) return here;
  if (uid === 0) {
    return {
      reason: 'a security module or the user namespace it runs in forbids it to this root',
      advice: 'run memscan on the host, in the initial user namespace',
    };
  }
  if (owner !== undefined && owner !== uid) {
    return {
      reason: `it belongs to user ${owner}, you are user ${uid}`,
      advice: AS_ROOT,
    };
  }
  const group = otherGroupOf(pid);
  if (group !== undefined) {
    return {
      reason: `it runs in group ${group}, you in group ${process.getgid!()}`,
      advice: `run memscan in that group, or as root: sudo memscan …`,
    };
  }
  if (scope === '1' || scope === '2') {
    const whom = scope === '1' ? 'its parents and' : '';
    return {
      reason: `kernel.yama.ptrace_scope is ${scope}, which allows it to ${whom} root only`.replace('  ', ' '),
      advice: 'run memscan as root: sudo memscan … (or: sudo sysctl kernel.yama.ptrace_scope=0)',
    };
  }
  return {
    reason: 'it is not dumpable, since it changed its user or holds capabilities',
    advice: AS_ROOT,
  };
}

/** The real user of a process: the owner of /proc/PID is root while it is not dumpable. */
export function ownerOf(pid: number): number | undefined {
  const uids = parseStatus(readProc(pid, 'status') ?? '').get('Uid');
  if (uids) return Number(uids.split(/\s+/)[0]);
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

/** Of the real, effective and saved group of a process, one that is not memscan's: all are to be. */
function otherGroupOf(pid: number): number | undefined {
  const gids = parseStatus(readProc(pid, 'status') ?? '')
    .get('Gid')
    ?.split(/\s+/)
    .slice(0, 3);
  return gids?.map(Number).find((gid) => gid !== process.getgid!());
}

/** Of Yama: 0 to 3. Undefined where the kernel has none. */
export function ptraceScope(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8').trim();
  } catch {
    return undefined;
  }
}

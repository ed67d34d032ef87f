/** Why something may not be read, and what to do. */
export interface Obstacle {
  readonly reason: string;
  readonly advice: string;
}

/** What decides what a process may read of others. */
export interface Rights {
  /** Effective. */
  readonly uid: number;
  /** Real. */
  readonly gid: number;
  /** Whether CAP_SYS_PTRACE is effective. */
  readonly hasSysPtrace: boolean;
  /** kernel.yama.ptrace_scope: 0 to 3; undefined where the kernel has no Yama. */
  readonly ptraceScope: string | undefined;
}

/** Whose a process is. */
export interface Identity {
  /** Real; undefined where the process is gone. */
  readonly uid: number | undefined;
  /** Real, effective and saved; empty where the process is gone. */
  readonly gids: readonly number[];
}

const AS_ROOT = 'run memscan as root: sudo memscan …';

/** What keeps a process with these rights from reading others' processes, whatever the process; undefined for nothing. */
export function obstacleToOthers({ uid, hasSysPtrace, ptraceScope }: Rights): Obstacle | undefined {
  if (ptraceScope === '3') {
    return {
      reason: 'kernel.yama.ptrace_scope is 3, which forbids it to everyone',
      advice: 'boot with another kernel.yama.ptrace_scope: 3 cannot be taken back on a running system',
    };
  }
  if (hasSysPtrace) return undefined;
  if (uid === 0) {
    return {
      reason: 'this root lacks the capability CAP_SYS_PTRACE',
      advice: 'start the container with --cap-add SYS_PTRACE, or run memscan on the host',
    };
  }
  return { reason: 'it takes the capability CAP_SYS_PTRACE, which root has', advice: AS_ROOT };
}

/** Why the kernel did not let a process with these rights read this one: ptrace(2), "Ptrace access mode checking". */
export function obstacleTo(rights: Rights, { uid, gids }: Identity): Obstacle {
  const general = obstacleToOthers(rights);
  if (general && (rights.uid === 0 || rights.ptraceScope === '3')) return general;
  if (rights.hasSysPtrace) {
    const whom = rights.uid === 0 ? 'to this root' : 'in spite of CAP_SYS_PTRACE';
    return {
      reason: `a security module or the user namespace it runs in forbids it ${whom}`,
      advice: 'run memscan on the host, in the initial user namespace',
    };
  }
  if (uid !== undefined && uid !== rights.uid) {
    return { reason: `it belongs to user ${uid}, you are user ${rights.uid}`, advice: AS_ROOT };
  }
  // All three must be the reader's.
  const group = gids.find((gid) => gid !== rights.gid);
  if (group !== undefined) {
    return {
      reason: `it runs in group ${group}, you in group ${rights.gid}`,
      advice: 'run memscan in that group, or as root: sudo memscan …',
    };
  }
  return rights.ptraceScope === '1' || rights.ptraceScope === '2'
    ? obstacleOfYama(rights.ptraceScope)
    : { reason: 'it is not dumpable, since it changed its user or holds capabilities', advice: AS_ROOT };
}

const obstacleOfYama = (scope: '1' | '2'): Obstacle => ({
  reason: `kernel.yama.ptrace_scope is ${scope}, which allows it to ${scope === '1' ? 'its parents and ' : ''}root only`,
  advice: 'run memscan as root: sudo memscan … (or: sudo sysctl kernel.yama.ptrace_scope=0)',
});

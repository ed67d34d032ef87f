import { readFileSync, statSync } from 'node:fs';

import { MemscanError } from '../errors.ts';
import { parseStatus, readProc } from './procfs.ts';

const CAP_SYS_PTRACE = 19n;

/** Says why process `pid` may not be read, and what would help. ptrace(2), "Ptrace access mode checking", has the rules. */
export function notPermitted(pid: number): MemscanError {
  const { reason, advice } = explain(pid);
  return new MemscanError('NOT_PERMITTED', `not permitted to read process ${pid}: ${reason}`, advice);
}

function explain(pid: number): { reason: string; advice: string } {
  const uid = process.geteuid!();
  const owner = ownerOf(pid);
  const scope = ptraceScope();
  if (uid === 0 && !hasPtraceCapability()) {
    return {
      reason: 'this root lacks the capability CAP_SYS_PTRACE',
      advice: 'start the container with --cap-add SYS_PTRACE, or run memscan on the host',
    };
  }
  if (scope === '3') {
    return {
      reason: 'kernel.yama.ptrace_scope is 3, which forbids it to everyone',
      advice: 'boot with another kernel.yama.ptrace_scope: 3 cannot be taken back on a running system',
    };
  }
  if (uid === 0) {
    return {
      reason: 'a security module or the user namespace it runs in forbids it to this root',
      advice: 'run memscan on the host, in the initial user namespace',
    };
  }
  if (owner !== undefined && owner !== uid) {
    return {
      reason: `it belongs to user ${owner}, you are user ${uid}`,
      advice: 'run memscan as root: sudo memscan …',
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
    advice: 'run memscan as root: sudo memscan …',
  };
}

// The owner of /proc/PID is root while a process is not dumpable: status tells its real user.
function ownerOf(pid: number): number | undefined {
  const uids = parseStatus(readProc(pid, 'status') ?? '').get('Uid');
  if (uids) return Number(uids.split(/\s+/)[0]);
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

function ptraceScope(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8').trim();
  } catch {
    return undefined; // a kernel without Yama
  }
}

function hasPtraceCapability(): boolean {
  const effective = parseStatus(readProc(process.pid, 'status') ?? '').get('CapEff');
  return ((BigInt(`0x${effective ?? '0'}`) >> CAP_SYS_PTRACE) & 1n) === 1n;
}

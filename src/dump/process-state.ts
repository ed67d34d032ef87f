import { readFileSync } from 'node:fs';

import { isErrno } from '../base/errno.ts';
import type { Memory } from '../memory/memory.ts';
import {
  type KnownRegisters,
  parseStatus,
  parseSyscall,
  readProc,
  statFields,
  threadIds,
} from '../proc/procfs.ts';

/** The state of a process that a core holds besides memory. */
export interface ProcessState {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly uid: number;
  readonly gid: number;
  /** One letter: R, S, D … */
  readonly state: string;
  readonly nice: number;
  readonly flags: number;
  /** At most 15 bytes. */
  readonly name: Buffer;
  /** The beginning of the command line, with NUL between words. */
  readonly commandLine: Buffer;
  /** The auxiliary vector as in memory. */
  readonly auxiliaryVector: Buffer;
  /** The main thread first. */
  readonly threads: readonly ThreadState[];
}

export interface ThreadState {
  readonly id: number;
  /** Registers of a waiting thread; undefined while the thread runs. */
  readonly registers: KnownRegisters | undefined;
}

/** Bytes of the command line that NT_PRPSINFO takes. */
const COMMAND_LINE_BYTES = 80;

/** Reads the state from /proc and `memory`. Values that are not available, or not any more, are empty or 0. */
export function processState(pid: number, memory: Memory): ProcessState {
  const fields = statFields(readProc(pid, 'stat') ?? '');
  const status = parseStatus(readProc(pid, 'status') ?? '');
  const field = (index: number): number => Number(fields[index] ?? 0);
  return {
    pid,
    parent: field(1),
    group: field(2),
    session: field(3),
    uid: Number.parseInt(status.get('Uid') ?? '0', 10),
    gid: Number.parseInt(status.get('Gid') ?? '0', 10),
    state: fields[0] ?? '',
    nice: field(16),
    flags: field(6),
    name: readBytes(pid, 'comm').subarray(0, -1),
    commandLine: commandLine(fields, memory),
    auxiliaryVector: readBytes(pid, 'auxv'),
    threads: mainFirst(pid, threadIds(pid)).map((id) => ({ id, registers: knownRegisters(pid, id) })),
  };
}

// Reads from arg_start to arg_end (proc_pid_stat(5), fields 48 and 49) if resident. Reading /proc/PID/cmdline could fault it in.
function commandLine(fields: readonly string[], memory: Memory): Buffer {
  const [start, end] = [BigInt(fields[45] ?? 0), BigInt(fields[46] ?? 0)];
  const length = Math.min(COMMAND_LINE_BYTES, Number(end - start));
  return (length > 0 && memory.read(start, length)) || Buffer.alloc(0);
}

function readBytes(pid: number, file: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return Buffer.alloc(0);
    throw error;
  }
}

const mainFirst = (pid: number, ids: readonly number[]): number[] => [
  pid,
  ...ids.filter((id) => id !== pid).sort((a, b) => a - b),
];

const knownRegisters = (pid: number, thread: number): KnownRegisters | undefined =>
  parseSyscall(readBytes(pid, `task/${thread}/syscall`).toString('latin1'));

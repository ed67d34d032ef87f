import { readdirSync, readFileSync } from 'node:fs';

import { isErrno } from '../base/errno.ts';

/** Reads /proc/PID/FILE. Returns undefined if the process or file does not exist (any more); throws other errors. */
export function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

/** Lists the thread ids of a process, in the kernel's order; none if it has ended. Throws other errors. */
export function threadIds(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH')) return [];
    throw error;
  }
}

export interface Mount {
  /** `major:minor`, in decimal. */
  readonly device: string;
  readonly type: string;
  /** Path of the mount point, unescaped. */
  readonly point: string;
}

/** Parses /proc/PID/mountinfo (proc_pid_mountinfo(5)): id parent major:minor root mount options [optional] - type … */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [mount, tail] = line.split(' - ', 2);
    const [, , device, , point] = mount?.split(' ') ?? [];
    const type = tail?.split(' ', 1)[0];
    if (device === undefined || type === undefined || point === undefined) return [];
    return [{ device, type, point: unescaped(point) }];
  });
}

/** The kernel writes spaces, tabs, line feeds and backslashes as a backslash and three octal digits. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

export interface ProcessStat {
  /** One letter: R, S, D, Z … */
  readonly state: string;
  readonly isKernelThread: boolean;
  /** Clock ticks since boot. Together with the pid, it identifies a process even if the pid is reused. */
  readonly startTime: string;
}

const PF_KTHREAD = 0x00200000;

/** Parses /proc/PID/stat (proc_pid_stat(5)). */
export function parseStat(text: string): ProcessStat {
  const fields = statFields(text);
  return {
    state: fields[0] ?? '',
    isKernelThread: (Number(fields[6]) & PF_KTHREAD) !== 0,
    startTime: fields[19] ?? '',
  };
}

/** The fields of /proc/PID/stat from the third on. The second, the name, may hold anything, even parentheses. */
export const statFields = (text: string): string[] => text.slice(text.lastIndexOf(')') + 2).split(' ');

/** Parses /proc/PID/status into fields by name. Values stay text. */
export function parseStatus(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

/** Adds up fields in kB and returns bytes. A missing field counts as 0. */
export function statusBytes(status: ReadonlyMap<string, string>, ...names: readonly string[]): number {
  return names.reduce((sum, name) => sum + 1024 * Number.parseInt(status.get(name) ?? '0', 10), 0);
}

/** Registers of a waiting thread. */
export interface KnownRegisters {
  readonly sp: bigint;
  readonly pc: bigint;
  /** Number and arguments of the system call it waits in; missing if it waits elsewhere. */
  readonly call?: { readonly number: bigint; readonly args: readonly bigint[] };
}

/**
 * Parses /proc/PID/task/TID/syscall (proc_pid_syscall(5)): the call's number and six arguments, or -1 for a thread that
 * waits elsewhere, then its stack pointer and program counter. Returns undefined for a running thread.
 */
export function parseSyscall(text: string): KnownRegisters | undefined {
  const words = text.trim().split(' ');
  if (words.length < 3) return undefined;
  const [number, ...values] = words.map(BigInt);
  const [sp, pc] = values.splice(-2) as [bigint, bigint];
  return { sp, pc, ...(values.length > 0 && { call: { number: number!, args: values } }) };
}

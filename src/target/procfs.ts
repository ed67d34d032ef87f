import { readFileSync } from 'node:fs';

/** /proc/PID/FILE, or undefined where there is none (any more). Other errors are thrown. */
export function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}

export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

export interface ProcessStat {
  /** One letter: R, S, D, Z … */
  readonly state: string;
  readonly isKernelThread: boolean;
  /** Clock ticks since boot: with the pid, it names one process for good. */
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

/** The fields of /proc/PID/stat from the third on. The second may hold anything: count from the last parenthesis. */
export const statFields = (text: string): string[] => text.slice(text.lastIndexOf(')') + 2).split(' ');

/** The fields of /proc/PID/status by name, values as written. */
export function parseStatus(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

/** A field in kB as bytes; 0 where it is missing. */
export function statusBytes(status: ReadonlyMap<string, string>, ...names: readonly string[]): number {
  return names.reduce((sum, name) => sum + 1024 * Number.parseInt(status.get(name) ?? '0', 10), 0);
}

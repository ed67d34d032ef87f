import { existsSync, readFileSync } from 'node:fs';

import { MemscanError } from '../base/errors.ts';
import { parseStat, readProc, statFields } from './procfs.ts';

/** How a process's program ended, as text that follows "process 4711" in a message. */
export type ProgramEnd =
  'ended' | 'ended, and its pid was given to another process,' | 'became another program (exec)';

/** Identifies one program that a process runs. A later process with the same pid, or a program started by exec, is another. */
export class Lifetime {
  private readonly startTime: string | undefined;
  private readonly program: string | undefined;

  /** Records the program that process `pid` runs now. */
  constructor(readonly pid: number) {
    const stat = readProc(pid, 'stat');
    if (stat === undefined) return;
    this.startTime = parseStat(stat).startTime;
    this.program = programOf(stat);
  }

  /** Identifies the process even if its pid is reused. Undefined if it had already ended at construction. */
  get identity(): string | undefined {
    return this.startTime === undefined ? undefined : `${bootId()} ${this.pid} ${this.startTime}`;
  }

  /** Returns how the program ended, or undefined while it runs. Reads one small file of /proc. */
  end(): ProgramEnd | undefined {
    const stat = readProc(this.pid, 'stat');
    if (stat === undefined) return 'ended';
    const { state, startTime } = parseStat(stat);
    if (startTime !== this.startTime) return 'ended, and its pid was given to another process,';
    if (state === 'Z' || state === 'X') return 'ended';
    return isOther(this.program, programOf(stat)) ? 'became another program (exec)' : undefined;
  }

  /** Throws TARGET_ENDED if another program has replaced it: memory read since may belong to that one. */
  checkNotReplaced(): void {
    const how = this.end();
    if (how === undefined || how === 'ended') return;
    throw new MemscanError(
      'TARGET_ENDED',
      `process ${this.pid} ${how.replace(/,$/, '')} meanwhile`,
      'scan what runs now',
    );
  }
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

const bootId = (): string => (existsSync(BOOT_ID) ? readFileSync(BOOT_ID, 'utf8').trim() : '');

/**
 * The start addresses of a program's code and stack (fields 26 and 28 of proc_pid_stat(5)), which each exec chooses anew.
 * Undefined if the kernel hides them from this user.
 */
function programOf(stat: string): string | undefined {
  const fields = statFields(stat);
  const [code, stack] = [fields[23], fields[25]];
  return stack === '0' ? undefined : `${code} ${stack}`;
}

const isOther = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;

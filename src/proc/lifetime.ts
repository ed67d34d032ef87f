import { existsSync, readFileSync } from 'node:fs';

import { MemscanError } from '../base/errors.ts';
import { parseStat, readProc, statFields } from './procfs.ts';

/** How a process's program came to its end, for people: behind "process 4711". */
export type ProgramEnd =
  'ended' | 'ended, and its pid was given to another process,' | 'became another program (exec)';

/** One program that a process runs: whatever has its pid later, or takes its place by exec, is another. */
export class Lifetime {
  private readonly startTime: string | undefined;
  private readonly program: string | undefined;

  /** Begins with the program that process `pid` runs now. */
  constructor(readonly pid: number) {
    const stat = readProc(pid, 'stat');
    if (stat === undefined) return;
    this.startTime = parseStat(stat).startTime;
    this.program = programOf(stat);
  }

  /** Names the process for good, whatever has its pid later. Undefined where it had ended when this was made. */
  get identity(): string | undefined {
    return this.startTime === undefined ? undefined : `${bootId()} ${this.pid} ${this.startTime}`;
  }

  /** How it came to its end, or undefined while it runs. Reads one small file of /proc. */
  end(): ProgramEnd | undefined {
    const stat = readProc(this.pid, 'stat');
    if (stat === undefined) return 'ended';
    const { state, startTime } = parseStat(stat);
    if (startTime !== this.startTime) return 'ended, and its pid was given to another process,';
    if (state === 'Z' || state === 'X') return 'ended';
    return isOther(this.program, programOf(stat)) ? 'became another program (exec)' : undefined;
  }

  /** Throws TARGET_ENDED where another program has its place: what was seen later may be that one's. */
  checkNotReplaced(): void {
    const how = this.end();
    if (how === undefined || how === 'ended') return;
    throw new MemscanError(
      'TARGET_ENDED',
      `process ${this.pid} ${how.replace(/,$/, '')} meanwhile`,
      'look at what runs now',
    );
  }
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

const bootId = (): string => (existsSync(BOOT_ID) ? readFileSync(BOOT_ID, 'utf8').trim() : '');

/**
 * Where its code and its stack begin (the fields 26 and 28 of proc_pid_stat(5)): chosen anew by each exec. Undefined to
 * whom they are not shown.
 */
function programOf(stat: string): string | undefined {
  const fields = statFields(stat);
  const [code, stack] = [fields[23], fields[25]];
  return stack === '0' ? undefined : `${code} ${stack}`;
}

const isOther = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;

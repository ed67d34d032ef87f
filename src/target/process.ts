import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';

import { MemscanError } from '../errors.ts';
import { addon, type Source } from '../native.ts';
import { parseMaps } from './maps.ts';
import { memoryDevices } from './memory-devices.ts';
import { notPermitted } from './permission.ts';
import { isErrno, parseStat, parseStatus, readProc, statusBytes } from './procfs.ts';
import { PagemapError, residentSpans, selectedBytes } from './spans.ts';
import type { Coverage, Range, Region, Selection, Target } from './target.ts';
import { userfaultRegions } from './userfault.ts';

/** Opens a live process. Throws NO_SUCH_PROCESS, NO_MEMORY_OF_ITS_OWN, NOT_PERMITTED. */
export function openProcess(pid: number): Target {
  const startTime = startTimeOf(pid);
  try {
    // The descriptor stays with the address space: whoever has the pid later is not read by it.
    const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
    try {
      const target = new ProcessTarget(pid, startTime, readRegions(pid), new addon.Source(pid, pagemap));
      if (startTimeOf(pid) !== startTime) throw noSuchProcess(pid);
      return target;
    } finally {
      closeSync(pagemap);
    }
  } catch (error) {
    if (isErrno(error, 'EACCES', 'EPERM')) throw notPermitted(pid);
    if (isErrno(error, 'ENOENT', 'ESRCH')) throw noSuchProcess(pid);
    throw error;
  }
}

function startTimeOf(pid: number): string {
  const text = readProc(pid, 'stat');
  if (text === undefined) throw noSuchProcess(pid);
  const stat = parseStat(text);
  if (stat.isKernelThread) throw noMemory(pid, 'it is a kernel thread');
  if (stat.state === 'Z' || stat.state === 'X') {
    const threads = readdirSync(`/proc/${pid}/task`).filter((thread) => thread !== String(pid));
    if (threads.length > 0)
      throw noMemory(pid, 'its main thread has ended', `its other threads have: memscan ${threads[0]!}`);
    throw noMemory(pid, 'it is a zombie: it has ended and waits for its parent');
  }
  return stat.startTime;
}

function noMemory(
  pid: number,
  reason: string,
  advice = 'choose a running program: ps -eo pid,rss,args --sort -rss | head',
): MemscanError {
  return new MemscanError('NO_MEMORY_OF_ITS_OWN', `process ${pid} has no memory to scan: ${reason}`, advice);
}

function noSuchProcess(pid: number): MemscanError {
  return new MemscanError(
    'NO_SUCH_PROCESS',
    `no such process: ${pid}`,
    `see what runs: ps -eo pid,rss,args --sort -rss | head (a file of that name: memscan ./${pid})`,
  );
}

function readRegions(pid: number): Region[] {
  const regions = parseMaps(readFileSync(`/proc/${pid}/maps`, 'utf8'), memoryDevices(pid));
  const userfault = userfaultRegions(pid);
  return regions.map((region) => (userfault.has(region.start) ? { ...region, kind: 'special' } : region));
}

class ProcessTarget implements Target {
  readonly kind = 'process';

  constructor(
    private readonly pid: number,
    private readonly startTime: string,
    readonly regions: readonly Region[],
    readonly source: Source,
  ) {}

  get name(): string {
    return String(this.pid);
  }

  residentBytes(): number {
    return statusBytes(this.status(), 'VmRSS', 'HugetlbPages');
  }

  expectedBytes(selection: Selection): number {
    const fields = selection.all ? ['VmRSS', 'HugetlbPages'] : ['RssAnon', 'RssShmem', 'HugetlbPages'];
    const resident = statusBytes(this.status(), ...fields);
    return Math.min(resident, selectedBytes(this.regions, selection.ranges));
  }

  async *spans(selection: Selection, coverage: Coverage): AsyncGenerator<Range[]> {
    try {
      yield* residentSpans(this.source, this.regions, selection, coverage);
    } catch (error) {
      if (!(error instanceof PagemapError)) throw error;
      if (error.errno === constants.errno.ESRCH) throw this.endedError();
      if (error.errno === constants.errno.EPERM) throw this.notPermittedError();
      throw error;
    }
  }

  endedError(): MemscanError {
    return new MemscanError(
      'TARGET_ENDED',
      `process ${this.pid} ${this.end()} during the scan`,
      'what was found until then stands; scan again what runs now',
    );
  }

  notPermittedError(): MemscanError {
    return notPermitted(this.pid);
  }

  close(): void {
    this.source.close();
  }

  private status(): ReadonlyMap<string, string> {
    return parseStatus(readProc(this.pid, 'status') ?? '');
  }

  private end(): string {
    const text = readProc(this.pid, 'stat');
    if (text === undefined) return 'ended';
    if (parseStat(text).startTime !== this.startTime)
      return 'ended, and its pid was given to another process,';
    // A process that is ending has no memory any more; one that became another program has its own.
    return readProc(this.pid, 'maps') ? 'became another program (exec)' : 'ended';
  }
}

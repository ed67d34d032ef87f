import { closeSync, openSync, readFileSync } from 'node:fs';

import { isErrno } from '../base/errno.ts';
import { MemscanError } from '../base/errors.ts';
import type { Region } from '../memory/region.ts';
import { addon } from '../native/addon.ts';
import { Lifetime } from '../proc/lifetime.ts';
import { parseMaps } from '../proc/maps.ts';
import { memoryDevices } from '../proc/memory-devices.ts';
import { notPermitted } from '../proc/permission.ts';
import { parseStat, readProc, threadIds } from '../proc/procfs.ts';
import { userfaultRegions } from '../proc/userfault.ts';
import { ProcessTarget } from './process-target.ts';
import type { Target } from './target.ts';

/** Opens a live process. Throws NO_SUCH_PROCESS, NO_MEMORY_OF_ITS_OWN, NOT_PERMITTED. */
export function openProcess(pid: number): Target {
  checkHasMemory(pid);
  const lifetime = new Lifetime(pid);
  try {
    // The descriptor stays tied to this address space, even if the pid is reused.
    const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
    try {
      const target = new ProcessTarget(lifetime, readRegions(pid), new addon.Source(pid, pagemap));
      if (hasEnded(lifetime)) {
        target.close();
        throw noSuchProcess(pid);
      }
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

/** Whether the process has ended. A program that another replaced by exec is reported later, by the scan. */
function hasEnded(lifetime: Lifetime): boolean {
  const end = lifetime.end();
  return end !== undefined && end !== 'became another program (exec)';
}

function checkHasMemory(pid: number): void {
  const text = readProc(pid, 'stat');
  if (text === undefined) throw noSuchProcess(pid);
  const stat = parseStat(text);
  if (stat.isKernelThread) throw noMemory(pid, 'it is a kernel thread');
  if (stat.state === 'Z' || stat.state === 'X') {
    const other = threadIds(pid).find((thread) => thread !== pid);
    if (other !== undefined)
      throw noMemory(pid, 'its main thread has ended', `its other threads have: memscan ${other}`);
    throw noMemory(pid, 'it is a zombie: it has ended and waits for its parent');
  }
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

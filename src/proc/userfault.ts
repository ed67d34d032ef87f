import { readdirSync, readlinkSync } from 'node:fs';

import { isErrno } from '../base/errno.ts';
import { readProc } from './procfs.ts';

/**
 * Returns the start addresses of regions registered with userfaultfd for missing pages. If such a page went away between
 * listing it and reading it, the read would hang until the target's handler supplied the page; only SIGKILL would end it.
 *
 * Only smaps shows the registration (VmFlags `um`), and reading smaps walks all page tables under the target's lock. So it
 * is read only if the process has a userfaultfd open. (This misses a process that handed its only one to a handler, as
 * CRIU's lazy pages do. The missing pages there are not read either, unless one goes away at that very moment.)
 */
export function userfaultRegions(pid: number): ReadonlySet<bigint> {
  const starts = new Set<bigint>();
  if (!hasUserfaultDescriptor(pid)) return starts;
  let start = 0n;
  for (const line of (readProc(pid, 'smaps') ?? '').split('\n')) {
    const header = /^([0-9a-f]+)-[0-9a-f]+ /.exec(line);
    if (header) start = BigInt(`0x${header[1]!}`);
    else if (/^VmFlags:.* um\b/.test(line)) starts.add(start);
  }
  return starts;
}

function hasUserfaultDescriptor(pid: number): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((fd) => linkTarget(`${folder}/${fd}`) === 'anon_inode:[userfaultfd]');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH')) return false;
    throw error;
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // closed meanwhile
  }
}

import { readdirSync, readlinkSync } from 'node:fs';

import { isErrno } from '../base/errno.ts';
import { readProc } from './procfs.ts';

/**
 * Where regions start that are registered with userfaultfd for missing pages: should one of their pages go between our
 * look at it and our read, the read would hang until the target's handler brings it back, and SIGKILL alone would end
 * it.
 *
 * Only smaps tells (VmFlags `um`), and reading it walks all page tables under the target's lock: so it is read only of a
 * process that has a userfaultfd open. (A process that gave its only one to a handler, as CRIU's lazy pages do, is not
 * known by this. Its missing pages are not read either, but for one that goes in that moment.)
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

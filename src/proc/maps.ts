import { NO_FACTS } from '../memory/facts.ts';
import { higher } from '../memory/ranges.ts';
import type { Region, RegionKind } from '../memory/region.ts';

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ([rwxsp-]{4}) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\d+) *(.*)$/s;

/**
 * Parses /proc/PID/maps (proc_pid_maps(5)) into regions in order, without overlap. `isMemoryDevice` recognises devices of
 * tmpfs, memfd and hugetlbfs, whose pages are memory. Malformed lines are skipped. The kernel writes the file page by page,
 * and mappings may change in between: where lines overlap, the earlier one counts.
 */
export function parseMaps(text: string, isMemoryDevice: (dev: string) => boolean): Region[] {
  const regions: Region[] = [];
  let last = 0n;
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    if (!match) continue;
    const [, from, to, perms, offset, dev, inode, pathname] = match as unknown as [string, ...string[]];
    const start = higher(BigInt(`0x${from!}`), last);
    const end = BigInt(`0x${to!}`);
    if (start >= end) continue;
    last = end;
    regions.push({
      start,
      end,
      perms: perms!,
      offset: BigInt(`0x${offset!}`),
      dev: dev!,
      inode: BigInt(inode!),
      pathname: pathname!,
      kind: kindOf(pathname!, inode !== '0' || dev !== '00:00', isMemoryDevice(dev!)),
      facts: NO_FACTS,
    });
  }
  return regions;
}

/** Matches devices: paths in /dev other than the folders and files that hold memory. */
const DEVICE = /^\/dev\/(?!shm\/|hugepages\/|zero(?: |$))/;

// A process can choose any pathname, but not its device, so memory is recognised by device. (The inode of System V memory is
// its identifier, which may be 0. A container's /dev, which holds real device nodes, is often a tmpfs.)
function kindOf(pathname: string, isMapped: boolean, onMemoryDevice: boolean): RegionKind {
  if (isMapped && DEVICE.test(pathname)) return 'special';
  if (onMemoryDevice) return 'shared';
  if (isMapped) return pathname.startsWith('/') ? 'file' : 'special';
  if (pathname === '[heap]') return 'heap';
  if (pathname === '[stack]') return 'stack';
  // prctl(PR_SET_VMA_ANON_NAME) gives names `[anon:…]`, and Linux 3.4 to 4.4 named stacks of threads `[stack:TID]`. All
  // other names in brackets are the kernel's: vdso, vvar, vsyscall, uprobes.
  const isKernels = pathname.startsWith('[') && !/^\[(?:anon:|stack:\d+\]$)/.test(pathname);
  return isKernels ? 'special' : 'anon';
}

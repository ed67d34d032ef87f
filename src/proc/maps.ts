import { NO_FACTS } from '../memory/facts.ts';
import type { Region, RegionKind } from '../memory/region.ts';

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ([rwxsp-]{4}) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\d+) *(.*)$/s;

/**
 * Parses /proc/PID/maps (proc_pid_maps(5)). `isMemoryDevice` tells the devices of tmpfs, memfd and hugetlbfs, whose
 * pages are memory and no file's. Lines that are none are left out. The file is read a page at a time, and memory may be
 * mapped anew between two of them: of what a line has that a line before it had, that one counts.
 */
export function parseMaps(text: string, isMemoryDevice: (dev: string) => boolean): Region[] {
  const regions: Region[] = [];
  let last = 0n;
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    if (!match) continue;
    const [, from, to, perms, offset, dev, inode, pathname] = match as unknown as [string, ...string[]];
    const start = max(BigInt(`0x${from!}`), last);
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

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Folders and files of /dev that are memory and no device. */
const DEVICE = /^\/dev\/(?!shm\/|hugepages\/|zero(?: |$))/;

// Any process can choose a pathname, but not its device: that is asked first. (The inode of System V memory is its
// identifier, which may be 0; a container's /dev, with the nodes of true devices in it, is often a tmpfs.)
function kindOf(pathname: string, isMapped: boolean, onMemoryDevice: boolean): RegionKind {
  if (isMapped && DEVICE.test(pathname)) return 'special';
  if (onMemoryDevice) return 'shared';
  if (isMapped) return pathname.startsWith('/') ? 'file' : 'special';
  if (pathname === '[heap]') return 'heap';
  if (pathname === '[stack]') return 'stack';
  // Named by prctl(PR_SET_VMA_ANON_NAME), or a thread's stack (Linux 3.4 to 4.4). The other names in brackets are the
  // kernel's: vdso, vvar, vsyscall, uprobes.
  const isKernels = pathname.startsWith('[') && !/^\[(?:anon:|stack:\d+\]$)/.test(pathname);
  return isKernels ? 'special' : 'anon';
}

import type { Region, RegionKind } from './target.ts';

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ([rwxsp-]{4}) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\d+) *(.*)$/s;

/**
 * Parses /proc/PID/maps (proc_pid_maps(5)). `isMemoryDevice` tells the devices of tmpfs, memfd and hugetlbfs, whose
 * pages are memory and no file's. Lines that are none are left out.
 */
export function parseMaps(text: string, isMemoryDevice: (dev: string) => boolean): Region[] {
  const regions: Region[] = [];
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    if (!match) continue;
    const [, start, end, perms, offset, dev, inode, pathname] = match as unknown as [string, ...string[]];
    regions.push({
      start: BigInt(`0x${start!}`),
      end: BigInt(`0x${end!}`),
      perms: perms!,
      offset: BigInt(`0x${offset!}`),
      dev: dev!,
      inode: BigInt(inode!),
      pathname: pathname!,
      kind: kindOf(pathname!, inode !== '0' || dev !== '00:00', isMemoryDevice(dev!)),
      detail: '',
    });
  }
  return regions;
}

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

import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

import { type Elf, readElf } from '../../elf/elf.ts';
import type { Region } from '../../memory/region.ts';
import { parseMounts, readProc } from '../../proc/procfs.ts';

/** The HotSpot library of a process: its file, and where it is mapped. */
export interface Library {
  readonly elf: Elf;
  /** What is to be added to an address of the file to have that in the process. */
  readonly bias: bigint;
}

const PATH = /^\/.*\/libjvm\.so(?: \(deleted\))?$/s;
/** OpenJ9 has a libjvm.so, too, which only leads on to this one. */
const OPENJ9 = /\/libj9vm\d*\.so(?: \(deleted\))?$/;

/** The first mapping of HotSpot's library. */
export function libraryRegion(regions: readonly Region[]): Region | undefined {
  if (regions.some(({ pathname }) => OPENJ9.test(pathname))) return undefined;
  return regions.find(({ pathname, kind }) => kind !== 'special' && PATH.test(pathname));
}

/** Opens the file that is mapped as `region` for the time of `use`; undefined where it is not to be had. */
export function withLibrary<Result>(
  pid: number,
  region: Region,
  use: (library: Library) => Result,
): Result | undefined {
  const fd = openMapped(pid, region);
  if (fd === undefined) return undefined;
  try {
    const elf = readElf((offset, length) => readFully(fd, offset, length));
    const address = elf?.addressOf(region.offset);
    return elf && address !== undefined ? use({ elf, bias: region.start - address }) : undefined;
  } finally {
    closeSync(fd);
  }
}

// The kernel's link leads to the very file, even to one that was deleted or is in another mount namespace, but following
// it takes CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE: https://man7.org/linux/man-pages/man5/proc_pid_map_files.5.html
function openMapped(pid: number, region: Region): number | undefined {
  if (!isOnKernelsFileSystem(pid, region.dev)) return undefined;
  const range = `${region.start.toString(16)}-${region.end.toString(16)}`;
  return (
    openFile(`/proc/${pid}/map_files/${range}`, region.inode) ??
    openFile(`/proc/${pid}/root${region.pathname}`, region.inode)
  );
}

// What is there now may be another file than the mapped one, or no regular one.
function openFile(path: string, inode: bigint): number | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stat = fstatSync(fd, { bigint: true });
    if (stat.isFile() && stat.ino === inode) return fd;
    closeSync(fd);
    return undefined;
  } catch {
    return undefined;
  }
}

/** A file system in user space may be the target's own, and never answer. */
function isOnKernelsFileSystem(pid: number, dev: string): boolean {
  const device = dev.split(':').map((number) => Number.parseInt(number, 16));
  const mounts = [pid, process.pid].flatMap((viewer) => parseMounts(mountsSeenBy(viewer)));
  const types = mounts.filter((mount) => mount.device === device.join(':')).map(({ type }) => type);
  return types.length > 0 && !types.some((type) => type.startsWith('fuse'));
}

function mountsSeenBy(pid: number): string {
  try {
    return readProc(pid, 'mountinfo') ?? '';
  } catch {
    return '';
  }
}

function readFully(fd: number, offset: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  try {
    while (filled < length) {
      const count = readSync(fd, buffer, filled, length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
  } catch {
    // What could be read counts.
  }
  return buffer.subarray(0, filled);
}

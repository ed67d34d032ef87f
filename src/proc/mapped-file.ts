import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';

import type { Region } from '../memory/region.ts';
import { parseMounts, readProc } from './procfs.ts';

/**
 * Opens the very file that process `pid` has mapped as `region`. The caller closes the descriptor. Undefined where the file
 * is out of reach, or on a file system in user space: that may be the target's own, and never answer.
 *
 * The kernel's link leads to the file even where it was deleted or is in another mount namespace, but to follow it takes
 * CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE: https://man7.org/linux/man-pages/man5/proc_pid_map_files.5.html
 */
export function openMapped(pid: number, region: Region): number | undefined {
  if (!isOnKernelsFileSystem(pid, region.dev)) return undefined;
  const range = `${region.start.toString(16)}-${region.end.toString(16)}`;
  return (
    openPlainFile(`/proc/${pid}/map_files/${range}`, region.inode) ??
    openPlainFile(`/proc/${pid}/root${region.pathname}`, region.inode)
  );
}

/** Opens a regular file, with that inode where one is given. Undefined where there is none, or it may not be read. */
export function openPlainFile(path: string, inode?: bigint): number | undefined {
  try {
    // Asked before it is opened: to open a FIFO waits for its writer, and a device may act on it.
    if (!statSync(path).isFile()) return undefined;
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const stat = fstatSync(fd, { bigint: true });
    if (stat.isFile() && (inode === undefined || stat.ino === inode)) return fd;
    closeSync(fd);
    return undefined;
  } catch {
    return undefined;
  }
}

function isOnKernelsFileSystem(pid: number, dev: string): boolean {
  const device = dev
    .split(':')
    .map((number) => Number.parseInt(number, 16))
    .join(':');
  const mounts = [pid, process.pid].flatMap((viewer) => parseMounts(mountsSeenBy(viewer)));
  const types = mounts.filter((mount) => mount.device === device).map(({ type }) => type);
  return types.length > 0 && !types.some((type) => type.startsWith('fuse'));
}

function mountsSeenBy(pid: number): string {
  try {
    return readProc(pid, 'mountinfo') ?? '';
  } catch {
    return '';
  }
}

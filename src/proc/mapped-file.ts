import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';

import type { Region } from '../memory/region.ts';
import { parseMounts, readProc } from './procfs.ts';

/**
 * Opens the file that process `pid` has mapped as `region`, and returns a descriptor that the caller closes. Returns undefined
 * if the file is out of reach, or on a file system in user space: the target may run that, and never answer.
 *
 * The kernel's link leads to the file even if it was deleted or is in another mount namespace, but following it takes
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

/** Opens a regular file, and checks its inode if one is given. Returns undefined if it is missing or not readable. */
export function openPlainFile(path: string, inode?: bigint): number | undefined {
  try {
    // Check before opening: opening a FIFO waits for its writer, and opening a device may have effects.
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

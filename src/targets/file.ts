import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

import { isErrno } from '../base/errno.ts';
import { MemscanError } from '../base/errors.ts';
import { addon } from '../native/addon.ts';
import { openCore } from './core/core.ts';
import { FileTarget } from './file-target.ts';
import type { Target } from './target.ts';

/** Opens a regular file: a core or any other. Throws NO_SUCH_FILE, NOT_A_FILE, NOT_PERMITTED, READ_FAILED. */
export function openFile(path: string): Target {
  try {
    // Check before opening: opening a FIFO waits for its writer, and opening a device may have effects.
    if (!statSync(path).isFile()) throw notAFile(path);
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      return targetOf(path, fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw openError(path, error);
  }
}

function targetOf(path: string, fd: number): Target {
  const stat = fstatSync(fd);
  if (!stat.isFile() || isVirtual(fd, stat.size)) throw notAFile(path);
  return openCore(path, fd, stat.size) ?? new FileTarget(path, stat.size, new addon.Source(0, fd));
}

/** Whether a file is virtual, as those of /proc: it has size 0 but holds bytes, or cannot be read from offset 0. */
function isVirtual(fd: number, size: number): boolean {
  try {
    return size === 0 && readSync(fd, Buffer.alloc(1)) > 0;
  } catch (error) {
    if (isErrno(error, 'EIO', 'EINVAL')) return true;
    throw error;
  }
}

function openError(path: string, error: unknown): unknown {
  if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG')) {
    return new MemscanError(
      'NO_SUCH_FILE',
      `no such file: ${path}`,
      'give a process id or the path of a file',
    );
  }
  if (isErrno(error, 'EACCES', 'EPERM')) {
    return new MemscanError(
      'NOT_PERMITTED',
      `not permitted to read the file ${path}`,
      'run memscan as its owner or as root',
    );
  }
  if (error instanceof MemscanError || !(error instanceof Error && 'code' in error)) return error;
  return new MemscanError(
    'READ_FAILED',
    `cannot open the file ${path}: ${error.message}`,
    'see errno(3) for its meaning',
  );
}

function notAFile(path: string): MemscanError {
  const pid = /^\/proc\/(\d+)\/(?:task\/\d+\/)?[^/]+$/.exec(path)?.[1];
  return new MemscanError(
    'NOT_A_FILE',
    `not a regular file: ${path}`,
    pid === undefined
      ? 'give a process id, or copy the data to a file first'
      : `give the process id: memscan ${pid}`,
  );
}

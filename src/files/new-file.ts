import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  unlinkSync,
  write,
} from 'node:fs';
import { statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import prettyBytes from 'pretty-bytes';

import { isErrno } from '../base/errno.ts';
import { MemscanError } from '../base/errors.ts';

/** Bytes, and their offset in the file. */
export interface Bytes {
  readonly position: number;
  readonly bytes: Buffer;
}

/**
 * A file that gets its name when it is complete, or not at all. Only its owner may read it (mode 0600). Existing files are
 * never written to: no link is followed, and no file is opened that others might hold open.
 */
export class NewFile {
  private isOpen = true;
  private hasName = false;

  private constructor(
    private readonly path: string,
    /** The path it has until it is complete; `path` unless a file is to be replaced. */
    private readonly draft: string,
    private readonly fd: number,
    /** The file that it replaces. */
    private readonly old: Stats | undefined,
  ) {}

  /**
   * Creates the file. Throws FILE_EXISTS if the path exists; with `force`, only if it is not a regular file of the user's
   * own without other hard links. Throws NO_ROOM or WRITE_FAILED for other errors.
   */
  static create(path: string, force: boolean): NewFile {
    try {
      const old = force ? replaceable(path) : undefined;
      const draft = old ? join(dirname(path), `.${basename(path).slice(0, 40)}.${unique()}`) : path;
      return new NewFile(path, draft, openNew(draft, path), old);
    } catch (error) {
      throw writeError(path, error);
    }
  }

  /** Sets the file's size in bytes; what was not written reads as zeros. Throws NO_ROOM, WRITE_FAILED. */
  resize(size: number): void {
    try {
      ftruncateSync(this.fd, size);
    } catch (error) {
      throw writeError(this.path, error);
    }
  }

  /** Writes all bytes. Throws NO_ROOM, WRITE_FAILED. */
  async write({ bytes, position }: Bytes): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += await this.writeSome(bytes.subarray(done), position + done);
    }
  }

  private writeSome(bytes: Buffer, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.fd, bytes, 0, bytes.length, position, (error, written) =>
        error ? reject(writeError(this.path, error)) : resolve(written),
      );
    });
  }

  /** Reads `length` bytes at `position`, which must have been written. Throws WRITE_FAILED. */
  read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    try {
      for (let done = 0, got = -1; done < length && got !== 0; done += got)
        got = readSync(this.fd, bytes, done, length - done, position + done);
      return bytes;
    } catch (error) {
      throw writeError(this.path, error);
    }
  }

  /** Closes the complete file and gives it its name. Throws FILE_EXISTS if the file to replace has changed, WRITE_FAILED. */
  keep(): void {
    try {
      this.close();
      this.takeName();
    } catch (error) {
      rmSync(this.draft, { force: true });
      throw writeError(this.path, error);
    }
  }

  /**
   * Gives the file its name while it still grows. From now on it stays, and discard() only closes it. Throws FILE_EXISTS if
   * the file to replace has changed, WRITE_FAILED.
   */
  publish(): void {
    try {
      this.takeName();
      this.hasName = true;
    } catch (error) {
      throw writeError(this.path, error);
    }
  }

  private takeName(): void {
    if (!this.old) return;
    if (!isSame(this.old, lstatSync(this.path, { throwIfNoEntry: false }))) throw exists(this.path, CHANGED);
    renameSync(this.draft, this.path);
  }

  /** Closes the file, and removes it unless it was kept or published. Writes in flight may finish; start no others. */
  discard(): void {
    if (!this.isOpen) return;
    if (this.hasName) return this.close();
    // Others with write access to the folder may have replaced it.
    if (isSame(fstatSync(this.fd), lstatSync(this.draft, { throwIfNoEntry: false }))) unlinkSync(this.draft);
    else ftruncateSync(this.fd);
    this.close();
  }

  private close(): void {
    this.isOpen = false;
    closeSync(this.fd);
  }
}

const unique = (): string => crypto.randomUUID().slice(-12);

function openNew(draft: string, path: string): number {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  try {
    return openSync(draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    throw exists(path, describe(lstatSync(path, { throwIfNoEntry: false })));
  }
}

const describe = (stats: Stats | undefined): string => {
  if (stats?.isSymbolicLink()) return 'it is a link';
  return stats && !stats.isFile() ? 'it is not a regular file' : 'it exists';
};

const CHANGED = 'it became another file during the dump';

/** The existing file to replace, if there is one. Throws FILE_EXISTS if it must not be replaced. */
function replaceable(path: string): Stats | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (!stats.isFile()) throw exists(path, describe(stats));
  if (stats.uid !== process.geteuid!()) throw exists(path, `it belongs to user ${stats.uid}`);
  if (stats.nlink > 1) throw exists(path, 'it has other names, too (hard links)');
  return stats;
}

function exists(path: string, reason: string): MemscanError {
  const advice =
    reason === 'it exists' ? 'give another name, or --force to replace it' : 'give another name: -o FILE';
  return new MemscanError('FILE_EXISTS', `not written over ${path}: ${reason}`, advice);
}

const isSame = (one: Stats, other: Stats | undefined): boolean =>
  one.dev === other?.dev && one.ino === other.ino;

function writeError(path: string, error: unknown): unknown {
  if (error instanceof MemscanError || !(error instanceof Error)) return error;
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) return noRoom(path, 'there is no room left; nothing was kept');
  const reason = 'code' in error ? String(error.code) : error.message;
  return new MemscanError(
    'WRITE_FAILED',
    `cannot write ${path}: ${reason}`,
    'nothing was kept; write elsewhere: -o FILE',
  );
}

const noRoom = (path: string, reason: string): MemscanError =>
  new MemscanError(
    'NO_ROOM',
    `cannot write ${path}: ${reason}`,
    'free some room, or write elsewhere: -o FILE',
  );

/** Throws NO_ROOM if the file system for `path` has fewer than `bytes` free, WRITE_FAILED if that cannot be read. */
export async function checkRoom(path: string, bytes: number): Promise<void> {
  let free: number;
  try {
    const { bavail, bfree, bsize } = await statfs(dirname(path));
    // The file system reserves some blocks for root.
    free = (process.geteuid!() === 0 ? bfree : bavail) * bsize;
  } catch (error) {
    throw writeError(path, error);
  }
  if (bytes <= free) return;
  const [needed, there] = [bytes, free].map((number) => prettyBytes(number, { binary: true }));
  throw noRoom(path, `it takes ${needed}, and ${there} are free`);
}

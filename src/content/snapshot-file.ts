import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { isErrno } from '../base/errno.ts';
import { MemscanError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { NewFile } from '../files/new-file.ts';
import { BadValue } from './checked-values.ts';
import { memberOf, membersOf, valueOf } from './gzip-members.ts';
import { envelope, FORMAT, snapshotFrom, toJson } from './snapshot-format.ts';
import type { Snapshot } from './snapshot.ts';

/** Maximum size of one snapshot, and of a file of several, in bytes. */
const LARGEST_SNAPSHOT = 2 << 20;
export const LARGEST_FILE = 16 << 20;

/**
 * Writes a snapshot to a new file, at most 2 MiB long and readable only by its owner.
 *
 * @throws MemscanError FILE_EXISTS if the path exists (with `force`: unless it is a regular file of the user), NO_ROOM,
 * WRITE_FAILED
 */
export async function writeSnapshot(
  snapshot: Snapshot,
  path: string,
  { force = false }: { readonly force?: boolean } = {},
): Promise<void> {
  const file = NewFile.create(path, force);
  try {
    await file.write({ bytes: encodeSnapshot(snapshot), position: 0 });
    file.keep();
  } finally {
    file.discard();
  }
}

/**
 * Encodes a snapshot as JSON compressed by gzip, in at most 2 MiB. Drops the smallest families if it would be larger.
 */
export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const bytes = memberOf(toJson(snapshot, VERSION));
  if (bytes.length <= LARGEST_SNAPSHOT || snapshot.families.length === 0) return bytes;
  const families = snapshot.families.slice(0, snapshot.families.length >> 1);
  return encodeSnapshot({ ...snapshot, families });
}

/** The snapshots in a file: one from `memscan snapshot`, or several from `memscan watch`, ordered by time. */
export interface KeptSnapshots {
  readonly first: Snapshot;
  /** Equal to `first` if there is only one. */
  readonly last: Snapshot;
  readonly count: number;
}

/**
 * Reads the first and the last snapshot of a file. Counts only complete snapshots: the file may still be growing, or
 * its end may be missing. Whatever the file contains, the result has only the fields of its type; texts in it are
 * untrusted.
 *
 * @throws MemscanError NO_SUCH_FILE, NOT_A_FILE, READ_FAILED, BAD_SNAPSHOT
 */
export async function readSnapshots(path: string): Promise<KeptSnapshots> {
  const members = membersOf(await readBytes(path));
  const first = await snapshotIn(members[0] ?? NOTHING, path);
  // After a power failure the last members may have their length but not their content.
  for (let count = members.length; count > Math.max(1, members.length - MOST_TORN); count--) {
    const last = await snapshotIn(members[count - 1]!, path).catch(() => undefined);
    if (last) return { first, last, count };
  }
  return { first, last: first, count: 1 };
}

/** Reads the last snapshot of a file. For errors see readSnapshots(). */
export const readSnapshot = async (path: string): Promise<Snapshot> => (await readSnapshots(path)).last;

const NOTHING = Buffer.alloc(0);
const MOST_TORN = 16;

async function snapshotIn(member: Buffer, path: string): Promise<Snapshot> {
  try {
    const value = await valueOf(member);
    const { format, memscan } = envelope(value, 'it');
    if (format > FORMAT) throw otherFormat(path, format, memscan);
    return snapshotFrom(value, 'it');
  } catch (error) {
    if (error instanceof MemscanError) throw error;
    throw badSnapshot(path, error instanceof BadValue ? error.message : 'it is damaged, or something else');
  }
}

async function readBytes(path: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = await plainFile(file, path);
    if (size > LARGEST_FILE) throw badSnapshot(path, `it is larger than ${LARGEST_FILE >> 20} MiB`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw readError(path, error);
  } finally {
    await file?.close();
  }
}

async function plainFile(file: FileHandle, path: string): Promise<{ readonly size: number }> {
  const stats = await file.stat();
  if (stats.isFile()) return stats;
  throw new MemscanError(
    'NOT_A_FILE',
    `${path} is not a regular file`,
    'give a file of memscan snapshot or memscan watch',
  );
}

function readError(path: string, error: unknown): unknown {
  if (error instanceof MemscanError || !(error instanceof Error)) return error;
  if (isErrno(error, 'ENOENT', 'ENOTDIR'))
    return new MemscanError(
      'NO_SUCH_FILE',
      `no such file: ${path}`,
      'take one: memscan snapshot <pid> -o FILE',
    );
  const reason = 'code' in error ? String(error.code) : error.message;
  return new MemscanError('READ_FAILED', `cannot read ${path}: ${reason}`, 'check its permissions');
}

const badSnapshot = (path: string, reason: string): MemscanError =>
  new MemscanError(
    'BAD_SNAPSHOT',
    `${path} is not a snapshot: ${reason}`,
    'take one: memscan snapshot <pid> -o FILE',
  );

const otherFormat = (path: string, format: number, version: string): MemscanError =>
  new MemscanError(
    'BAD_SNAPSHOT',
    `${path} is a snapshot of format ${format}, by memscan ${version}; this memscan, ${VERSION}, reads formats up to ${FORMAT}`,
    'compare it with a newer memscan',
  );

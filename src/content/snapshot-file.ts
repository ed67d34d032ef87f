import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

import { isErrno } from '../base/errno.ts';
import { MemscanError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { NewFile } from '../files/new-file.ts';
import { BadValue } from './checked.ts';
import { memberOf, membersOf, valueOf } from './members.ts';
import { envelope, FORMAT, snapshotFrom, toJson } from './snapshot-format.ts';
import type { Snapshot } from './snapshot.ts';

/** Bytes of one snapshot, and of a file of several, at most. */
const LARGEST_SNAPSHOT = 2 << 20;
export const LARGEST_FILE = 16 << 20;

/**
 * Writes a snapshot to a new file, which its owner alone may read: 2 MiB at most.
 *
 * @throws MemscanError FILE_EXISTS where there is something; with `force` only where it is no plain file of the user's
 * own. NO_ROOM, WRITE_FAILED
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
 * The bytes of its file: JSON, compressed by gzip, 2 MiB at most. The narrowest families are left out where it would be
 * too large.
 */
export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const bytes = memberOf(toJson(snapshot, VERSION));
  if (bytes.length <= LARGEST_SNAPSHOT || snapshot.families.length === 0) return bytes;
  const families = snapshot.families.slice(0, snapshot.families.length >> 1);
  return encodeSnapshot({ ...snapshot, families });
}

/** What a file of snapshots holds: of `memscan snapshot` one, of `memscan watch` several in the order of their times. */
export interface KeptSnapshots {
  readonly first: Snapshot;
  /** The same where there is one. */
  readonly last: Snapshot;
  readonly count: number;
}

/**
 * Reads the first and the last snapshot of a file. Of one that is being written, or was not written to its end, those
 * count that are there whole. Whatever the file holds, what is returned has the type's fields alone, and texts in it are
 * any text.
 *
 * @throws MemscanError NO_SUCH_FILE, NOT_A_FILE, READ_FAILED, BAD_SNAPSHOT
 */
export async function readSnapshots(path: string): Promise<KeptSnapshots> {
  const members = membersOf(await readBytes(path));
  const first = await snapshotIn(members[0] ?? NOTHING, path);
  // A machine that lost its power may leave the last ones there, but not what is in them.
  for (let count = members.length; count > Math.max(1, members.length - MOST_TORN); count--) {
    const last = await snapshotIn(members[count - 1]!, path).catch(() => undefined);
    if (last) return { first, last, count };
  }
  return { first, last: first, count: 1 };
}

/** Reads the last snapshot of a file. Errors: readSnapshots() */
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
    // Not to wait for whoever might write to a FIFO.
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
    `${path} is no plain file`,
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
    `${path} is no snapshot: ${reason}`,
    'take one: memscan snapshot <pid> -o FILE',
  );

const otherFormat = (path: string, format: number, version: string): MemscanError =>
  new MemscanError(
    'BAD_SNAPSHOT',
    `${path} is a snapshot of format ${format}, by memscan ${version}; this memscan, ${VERSION}, reads formats up to ${FORMAT}`,
    'compare it by a newer memscan',
  );

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';

import { NewFile } from '../dump/new-file.ts';
import { MemscanError } from '../errors.ts';
import { isErrno } from '../target/procfs.ts';
import { VERSION } from '../version.ts';
import { BadValue } from './checked.ts';
import type { Snapshot } from './snapshot.ts';
import { envelope, FORMAT, snapshotFrom, toJson } from './snapshot-format.ts';

/** Bytes of a snapshot's file, and of what it holds, at most: who made it is not known. */
const LARGEST_FILE = 2 << 20;
const LARGEST_JSON = 8 << 20;

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

/** The bytes of its file: JSON, compressed by gzip. The narrowest families are left out where it would be too large. */
export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const bytes = gzipSync(toJson(snapshot, VERSION));
  if (bytes.length <= LARGEST_FILE || snapshot.families.length === 0) return bytes;
  const families = snapshot.families.slice(0, snapshot.families.length >> 1);
  return encodeSnapshot({ ...snapshot, families });
}

/**
 * Reads a snapshot's file. Whatever it holds, what is returned has the type's fields alone, and texts in it are any text.
 *
 * @throws MemscanError NO_SUCH_FILE, NOT_A_FILE, READ_FAILED, BAD_SNAPSHOT
 */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const bytes = await readBytes(path);
  try {
    const value: unknown = JSON.parse((await unzipped(bytes)).toString());
    const { format, memscan } = envelope(value, 'it');
    if (format !== FORMAT) throw otherFormat(path, format, memscan);
    return snapshotFrom(value, 'it');
  } catch (error) {
    if (error instanceof MemscanError) throw error;
    throw badSnapshot(path, error instanceof BadValue ? error.message : 'it is damaged, or something else');
  }
}

const unzipped = (bytes: Buffer): Promise<Buffer> =>
  promisify(gunzip)(bytes, { maxOutputLength: LARGEST_JSON });

async function readBytes(path: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    // Not to wait for whoever might write to a FIFO.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = await plainFile(file, path);
    if (size > LARGEST_FILE) throw badSnapshot(path, `it is larger than ${LARGEST_FILE >> 20} MiB`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LARGEST_FILE), 0, LARGEST_FILE, 0);
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
  throw new MemscanError('NOT_A_FILE', `${path} is no plain file`, 'give a file of memscan snapshot -o FILE');
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
    `${path} is a snapshot of format ${format}, by memscan ${version}; this memscan, ${VERSION}, reads format ${FORMAT}`,
    format > FORMAT ? 'compare it by a newer memscan' : 'take both by one version of memscan',
  );

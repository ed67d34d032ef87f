// Replaces load-addon.ts in the single-file build (scripts/build-single.mjs), which contains the addon.
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRawAsset } from 'node:sea';

/** Folders for a temporary file. Some may be mounted noexec. */
const FOLDERS = [tmpdir(), '/dev/shm', '/var/tmp', process.cwd()];

/** Loads the addon from a temporary file that is unlinked before it is written, so that nothing is left behind. */
export function loadAddon(): unknown {
  const bytes = assetOf('memscan.node');
  let failure: unknown;
  for (const folder of FOLDERS) {
    try {
      return loadFrom(folder, bytes);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

export const readTables = (): Uint8Array => assetOf('tables.bin');

const assetOf = (name: string): Uint8Array => new Uint8Array(getRawAsset(name) as ArrayBuffer);

function loadFrom(folder: string, bytes: Uint8Array): unknown {
  const path = join(folder, `memscan-${randomUUID()}`);
  const fd = openSync(path, 'wx', 0o700);
  try {
    unlinkSync(path);
    writeFileSync(fd, bytes);
    const module = { exports: {} };
    process.dlopen(module, `/proc/self/fd/${fd}`);
    return module.exports;
  } finally {
    closeSync(fd);
  }
}

export const ADDON_ADVICE = 'set TMPDIR to a folder that allows executing files: TMPDIR=/some/folder';

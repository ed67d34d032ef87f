import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { PACKAGE_ROOT } from '../package-root.ts';

const BUILT = './build/Release/memscan.node';
const PREBUILT = `./prebuilds/linux-${process.arch}/memscan.node`;
const TABLES = './native/encodings/tables.bin';

/** Loads the addon that was built in this folder, else the one that came with the package. Throws where neither loads. */
export function loadAddon(): unknown {
  return createRequire(PACKAGE_ROOT)(existsSync(new URL(BUILT, PACKAGE_ROOT)) ? BUILT : PREBUILT);
}

/** Reads the file for the addon's loadTables(). Throws where it cannot be read. */
export function readTables(): Uint8Array {
  return readFileSync(new URL(TABLES, PACKAGE_ROOT));
}

/** What to do where the addon does not load. */
export const ADDON_ADVICE = `build it (with python3, make and g++): npm --prefix '${PACKAGE_ROOT.pathname}' run build:native`;

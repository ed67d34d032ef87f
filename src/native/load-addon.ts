import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { PACKAGE_ROOT } from '../package-root.ts';

const BUILT = './build/Release/memscan.node';
const PREBUILT = `./prebuilds/linux-${process.arch}/memscan.node`;
const TABLES = './native/encodings/tables.bin';

/** Loads the addon built in this folder, or the package's prebuilt one. Throws if it does not load. */
export function loadAddon(): unknown {
  return createRequire(PACKAGE_ROOT)(existsSync(new URL(BUILT, PACKAGE_ROOT)) ? BUILT : PREBUILT);
}

/** Reads the file for the addon's loadTables(). Throws if it cannot be read. */
export function readTables(): Uint8Array {
  return readFileSync(new URL(TABLES, PACKAGE_ROOT));
}

/** Advice for an addon that does not load. */
export const ADDON_ADVICE = `build it (with python3, make and g++): npm --prefix '${PACKAGE_ROOT.pathname}' run build:native`;

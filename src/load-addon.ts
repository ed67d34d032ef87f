import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// Paths from here, and from dist/.
const BUILT = '../build/Release/memscan.node';
const PREBUILT = `../prebuilds/linux-${process.arch}/memscan.node`;
const TABLES = '../native/encodings/tables.bin';

/** Loads the addon that was built in this folder, else the one that came with the package. Throws where neither loads. */
export function loadAddon(): unknown {
  return createRequire(import.meta.url)(existsSync(new URL(BUILT, import.meta.url)) ? BUILT : PREBUILT);
}

/** For the addon's loadTables(). Throws where the file cannot be read. */
export function readTables(): Uint8Array {
  return readFileSync(new URL(TABLES, import.meta.url));
}

/** What to do where it does not load. */
export const ADDON_ADVICE = `build it (with python3, make and g++): npm --prefix '${new URL('..', import.meta.url).pathname}' run build:native`;

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

// Paths from here, and from dist/.
const BUILT = '../build/Release/memscan.node';
const PREBUILT = `../prebuilds/linux-${process.arch}/memscan.node`;

/** Loads the addon that was built in this folder, else the one that came with the package. Throws where neither loads. */
export function loadAddon(): unknown {
  return createRequire(import.meta.url)(existsSync(new URL(BUILT, import.meta.url)) ? BUILT : PREBUILT);
}

/** What to do where it does not load. */
export const ADDON_ADVICE = `build it (with python3, make and g++): npm --prefix '${new URL('..', import.meta.url).pathname}' run build:native`;

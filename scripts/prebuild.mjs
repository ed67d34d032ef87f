// Builds the addons that the package contains, one for each architecture: for glibc from the FLOOR of old-glibc.mjs on, and
// for musl. g++-aarch64-linux-gnu builds the one for arm64.
//   node scripts/prebuild.mjs
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { buildNative } from './native.mjs';
import { checkSymbols } from './old-glibc.mjs';

for (const arch of ['x64', 'arm64']) {
  const addon = join(buildNative(arch, 'addon'), 'memscan.node');
  checkSymbols(addon);
  const folder = join(import.meta.dirname, `../prebuilds/linux-${arch}`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(addon, join(folder, 'memscan.node'));
}

// Builds a target of CMakeLists.txt with cmake-js, in a folder for each flavour.
//   node scripts/native.mjs FLAVOUR TARGET    prints the folder with the result
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { makeOldGlibc } from './old-glibc.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folderOf = (name) => join(root, 'build-native', name);

const ARM64 = 'aarch64-linux-gnu-';

/** CMake's variables for each flavour. */
const FLAVOURS = {
  address: () => ({ SANITIZE: 'address,undefined' }),
  thread: () => ({ SANITIZE: 'thread' }),
  fuzz: () => ({ SANITIZE: 'address,undefined', FUZZ: 'ON', CMAKE_CXX_COMPILER: 'clang++' }),
  x64: () => ({ OLD_GLIBC: oldGlibc('x64') }),
  arm64: () => ({
    OLD_GLIBC: oldGlibc('arm64', ARM64),
    CMAKE_SYSTEM_NAME: 'Linux',
    CMAKE_SYSTEM_PROCESSOR: 'aarch64',
    CMAKE_CXX_COMPILER: `${ARM64}g++`,
    CMAKE_C_COMPILER: `${ARM64}gcc`,
  }),
};

/** Builds a target and returns the folder with the result. Throws if that fails. The compiler's output goes to stderr. */
export function buildNative(flavour, target) {
  const definitions = Object.entries(FLAVOURS[flavour]()).map(([name, value]) => `--CD${name}=${value}`);
  const options = ['--out', folderOf(flavour), '--target', target, '--parallel', availableParallelism()];
  execFileSync('npx', ['cmake-js', 'compile', ...options, ...definitions], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  return join(folderOf(flavour), 'Release');
}

function oldGlibc(arch, tools) {
  const folder = folderOf(`old-glibc-${arch}`);
  makeOldGlibc(folder, tools);
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(buildNative(process.argv[2], process.argv[3]));
}

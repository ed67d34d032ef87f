// What a new compiler needs to link for an older glibc: a stand-in for libc.so.6 that has each symbol in the newest
// version that glibc had, and none that came later. Where a function lived elsewhere then, as those of libpthread did
// before 2.34, it is found there: the loader looks names and versions up in all libraries (and musl's, names alone).
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Node 20's own binaries ask for: less is of no use. */
export const FLOOR = 'GLIBC_2.28';

/** Writes `libc.so.6` and `missing.cc`, which are to be linked with, to `folder`. `tools`: a prefix, as `aarch64-linux-gnu-`. */
export function makeOldGlibc(folder, tools = '') {
  mkdirSync(folder, { recursive: true });
  const libc = execFileSync(`${tools}g++`, ['-print-file-name=libc.so.6'], { encoding: 'utf8' }).trim();
  const symbols = newestSymbols(libc);
  const versions = [...new Set(symbols.values())].toSorted(compareVersions);
  write(folder, 'versions', versions.map((version) => `${version} {};\n`).join(''));
  write(folder, 'libc.s', [...symbols].map(assembly).join(''));
  write(folder, 'missing.cc', MISSING);
  const flags = ['-shared', '-nostdlib', '-Wl,-soname,libc.so.6', '-Wl,--version-script=versions'];
  execFileSync(`${tools}gcc`, [...flags, '-o', 'libc.so.6', 'libc.s'], { cwd: folder, stdio: 'inherit' });
}

/** Throws where the library needs a symbol that Node does not have, nor the floor's glibc, nor libgcc_s. */
export function checkSymbols(library) {
  const wrong = symbolsOf(library).filter(
    ({ name, isUndefined, isWeak, version }) =>
      isUndefined && !isWeak && !name.startsWith('napi_') && !isOld(version) && !/^GCC_[34]\./.test(version),
  );
  if (wrong.length === 0) return;
  const list = wrong.map(({ name, version }) => `${name} ${version}`).join(', ');
  throw new Error(`${library} needs what ${FLOOR} does not have: ${list}`);
}

// libstdc++ asks for these. The first came with glibc 2.32: that there may be other threads is always a safe answer. The
// second, which destroys a thread's objects, musl lacks: only the crew's threads have any, and they end with the process.
// The third is not missing: libstdc++'s own brings a demangler with it, for the name of an exception that ends the process.
const MISSING = `#include <cstdlib>
#include <exception>
namespace __cxxabiv1 {
extern std::terminate_handler __terminate_handler;
__attribute__((visibility("hidden"))) std::terminate_handler __terminate_handler = std::abort;
}
extern "C" {
__attribute__((visibility("hidden"))) char __libc_single_threaded = 0;
__attribute__((visibility("hidden"))) int __cxa_thread_atexit_impl(void (*)(void*), void*, void*) { return 0; }
}
`;

function newestSymbols(libc) {
  const newest = new Map();
  for (const { name, version } of symbolsOf(libc)) {
    if (!isOld(version) || name === version) continue;
    const known = newest.get(name);
    if (known === undefined || compareVersions(version, known) > 0) newest.set(name, version);
  }
  return newest;
}

// Address, seven flags, section, size, version (in parentheses where it is not the default, or of another library), name.
const SYMBOL = /^[0-9a-f]+ (.{7}) (\S+)\t[0-9a-f]+ +(?:\(?(\w[\w.]*)\)?)? +(?:\.hidden )?(\S+)$/gm;

function symbolsOf(library) {
  const table = execFileSync('objdump', ['-T', library], { encoding: 'utf8', maxBuffer: 1 << 24 });
  return [...table.matchAll(SYMBOL)].map(([, flags, section, version = '', name]) => ({
    name,
    version,
    isUndefined: section === '*UND*',
    isWeak: flags.includes('w'),
  }));
}

const isOld = (version) => /^GLIBC_[\d.]+$/.test(version) && compareVersions(version, FLOOR) <= 0;

const compareVersions = (a, b) => a.localeCompare(b, 'en', { numeric: true });

// Three @ give the symbol this name, too.
const assembly = ([name, version], i) =>
  `.globl stub${i}\n.type stub${i},%function\nstub${i}:\n.symver stub${i},${name}@@@${version}\n`;

const write = (folder, name, text) => writeFileSync(join(folder, name), text);

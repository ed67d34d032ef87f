// What a new compiler needs to link for an older glibc: a stand-in for libc.so.6 that has each symbol in the newest
// version that glibc had, and none that came later. Where a function lived elsewhere then, as those of libpthread did
// before 2.34, it is found there: the loader looks names and versions up in all libraries (and musl's, names alone).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
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

/**
 * Throws where the library needs a symbol that Node does not have, nor libgcc_s, nor the floor's glibc; where musl is
 * installed, nor musl.
 */
export function checkSymbols(library) {
  const inMusl = existsSync(MUSL) && namesOf(MUSL);
  const wrong = symbolsOf(library).filter(
    ({ name, isUndefined, isWeak, version }) =>
      isUndefined &&
      !isWeak &&
      !name.startsWith('napi_') &&
      !/^GCC_[34]\./.test(version) &&
      !(isOld(version) && (!inMusl || inMusl.has(name))),
  );
  if (wrong.length === 0) return;
  const list = wrong.map(({ name, version }) => `${name} ${version}`).join(', ');
  throw new Error(`${library} needs what ${FLOOR} or musl does not have: ${list}`);
}

// It has names without versions, and those of any machine, but for a few.
const MUSL = '/lib/ld-musl-x86_64.so.1';

function namesOf(library) {
  const table = execFileSync('nm', ['-D', '--defined-only', library], { encoding: 'utf8' });
  return new Set(table.split('\n').map((line) => line.split(' ').at(-1)));
}

// What the addon is linked with in place of what glibc came to have late, or musl lacks, by their order:
// - libstdc++ asks whether there may be other threads (glibc 2.32): that there may be is always a safe answer.
// - A thread's objects are destroyed: only the crew's threads have any, and they end with the process.
// - <sys/sysmacros.h> calls these two where code is built for size.
// - libgcc calls this one on arm64.
// - libstdc++'s handler brings a demangler with it, for the name of an exception that ends the process: 50 KB.
const MISSING = `#include <cstdlib>
#include <exception>
#include <sys/auxv.h>
#define HIDDEN __attribute__((visibility("hidden")))
extern "C" {
HIDDEN char __libc_single_threaded = 0;
HIDDEN int __cxa_thread_atexit_impl(void (*)(void*), void*, void*) { return 0; }
HIDDEN unsigned gnu_dev_major(unsigned long long device) { return (device >> 8 & 0xfff) | (device >> 32 & 0xfffff000); }
HIDDEN unsigned gnu_dev_minor(unsigned long long device) { return (device & 0xff) | (device >> 12 & 0xffffff00); }
HIDDEN unsigned long __getauxval(unsigned long type) { return getauxval(type); }
}
namespace __cxxabiv1 {
extern std::terminate_handler __terminate_handler;
HIDDEN std::terminate_handler __terminate_handler = std::abort;
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

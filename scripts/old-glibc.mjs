// Lets a new compiler link for an older glibc: makes a substitute for libc.so.6 that has each symbol in the newest version
// that the older glibc had, and no later symbols. A function may have been in another library then, as those of libpthread
// were before 2.34: the loader searches all libraries for a name and version (musl's loader only for the name).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version that Node 20's own binaries need: an older one would be useless. */
export const FLOOR = 'GLIBC_2.28';

/** Writes `libc.so.6` and `missing.cc`, to link with, to `folder`. `tools`: a prefix such as `aarch64-linux-gnu-`. */
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
 * Throws if the library needs a symbol that neither Node, libgcc_s nor glibc of version FLOOR has, or, if musl is
 * installed, that musl lacks.
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

// musl's symbols have no versions, and are the same on all architectures except for a few.
const MUSL = '/lib/ld-musl-x86_64.so.1';

function namesOf(library) {
  const table = execFileSync('nm', ['-D', '--defined-only', library], { encoding: 'utf8' });
  return new Set(table.split('\n').map((line) => line.split(' ').at(-1)));
}

// Replaces functions that glibc got late or musl lacks. In their order:
// - libstdc++ asks whether there may be other threads (glibc 2.32): yes is always a safe answer.
// - Destructors of thread_local objects: only the crew's threads have such objects, and they end with the process.
// - <sys/sysmacros.h> calls these two in code optimized for size.
// - libgcc calls this one on arm64.
// - libstdc++'s terminate handler would add a demangler of 50 KB, for the name of the exception that ends the process.
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

// Address, seven flags, section, size, version (in parentheses unless it is the default of this library), name.
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

// With three @ the symbol gets this name, too.
const assembly = ([name, version], i) =>
  `.globl stub${i}\n.type stub${i},%function\nstub${i}:\n.symver stub${i},${name}@@@${version}\n`;

const write = (folder, name, text) => writeFileSync(join(folder, name), text);

#!/usr/bin/env bash
# gdb's generate-core-file writes a PROT_NONE mapping as a readable segment, with its bytes.
#
# Seen with gdb 13.1 (Debian 12, 13.1-3): `---p` in /proc/PID/maps becomes PT_LOAD with the flag R, and the bytes are stored,
# although no thread of the process can read them. The kernel's own cores keep the permissions (Linux, fs/binfmt_elf.c). So in
# a core by gdb, guard pages of stacks and the reserved rest of a heap (HotSpot's Java heap, glibc's arenas) look like ordinary
# read-only memory: permissions cannot tell a guard from data.
#
# Takes Debian's apt and cc. Installs nothing: the packages are unpacked in a temporary folder. Exits 1 where the behaviour differs.
set -euo pipefail

folder=$(mktemp -d)
target=
trap '[[ -n "$target" ]] && kill -KILL "$target"; rm -rf "$folder"' EXIT
cd "$folder"

version=13.1-3
libraries=(libbabeltrace1 libdebuginfod1 libdebuginfod-common libpython3.11 libsource-highlight4v5 libipt2 libmpfr6
  libboost-regex1.74.0 libxxhash0 libcurl3-gnutls libncursesw6 libtinfo6 libreadline8)
apt-get download -qq "gdb=$version" "${libraries[@]}"
for package in *.deb; do dpkg -x "$package" unpacked; done
gdb=(env "LD_LIBRARY_PATH=$folder/unpacked/usr/lib/x86_64-linux-gnu:$folder/unpacked/lib/x86_64-linux-gnu"
  "$folder/unpacked/usr/bin/gdb" --nx --batch)

cat >program.c <<'C'
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  char *page = mmap((void *)0x600000001000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  strcpy(page, "written before mprotect");
  mprotect(page, 4096, PROT_NONE);
  puts("ready");
  fflush(stdout);
  pause();
}
C
cc -o program program.c
mkfifo output
./program >output &
target=$!
read -r _ <output

"${gdb[@]}" --version | head -n 1
grep 600000001000 "/proc/$target/maps"
"${gdb[@]}" -p "$target" -ex 'generate-core-file core' >log 2>&1 || { cat log; exit 1; }
segment=$(readelf --program-headers --wide core | grep 0x0000600000001000)
echo "$segment"

# LOAD offset address physical file-size memory-size flags alignment
read -r _ _ _ _ stored _ flags _ <<<"$segment"
[[ "$stored" == 0x001000 && "$flags" == R ]] || { echo 'differs: the segment is no longer stored and readable'; exit 1; }
grep --quiet --text 'written before mprotect' core || { echo 'differs: the bytes are not in the core'; exit 1; }
echo 'as described: PROT_NONE memory is a readable segment, with its bytes'

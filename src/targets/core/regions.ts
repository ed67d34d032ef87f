import { NO_FACTS } from '../../memory/facts.ts';
import { byStart, firstEndingAfter, gapsIn, joinRanges, partsIn, type Range } from '../../memory/ranges.ts';
import type { Region, RegionKind } from '../../memory/region.ts';
import type { MappedFile } from './files-note.ts';
import type { CoreHeaders, CoreSegment } from './headers.ts';
import type { CoreNotes } from './notes.ts';
import type { RegionsNote } from './regions-note.ts';

/**
 * Returns the regions of a core without memscan's own note, from its segments and other notes. Stored pages of a mapped file
 * count as the process's own copies: the kernel and gdb leave out pages that equal the file's.
 */
export function coreRegions({ segments }: CoreHeaders, notes: CoreNotes): RegionsNote {
  const regions = segments.flatMap((segment) => regionsOf(segment, notes));
  return { regions, copied: copiedOf(segments, regions) };
}

function regionsOf(segment: CoreSegment, notes: CoreNotes): Region[] {
  const mapped = [...partsIn(notes.files, segment)].map((part) => fileRegion(segment, part, notes.files));
  const rest = gapsIn(segment, mapped).map((gap) => memoryRegion(segment, gap, notes));
  return mapped.length === 0 ? rest : [...mapped, ...rest].toSorted(byStart);
}

/** Names of files that are memory: a core holds no devices and inodes. */
const SHARED = /^\/(?:memfd:|SYSV|dev\/shm\/|dev\/zero(?: |$)|anon_hugepage)/;

function fileRegion({ perms }: CoreSegment, part: MappedFile, files: readonly MappedFile[]): Region {
  const { start, end, pathname } = part;
  const whole = files[firstEndingAfter(files, start)]!;
  const isShared = SHARED.test(pathname);
  return {
    start,
    end,
    perms: perms + (isShared ? 's' : 'p'),
    offset: BigInt.asUintN(64, whole.offset + (start - whole.start)),
    dev: '',
    inode: 0n,
    pathname,
    kind: isShared ? 'shared' : 'file',
    facts: NO_FACTS,
  };
}

/** Linux, arch/x86/include/uapi/asm/vsyscall.h. */
const VSYSCALL = 0xffffffffff600000n;

function memoryRegion({ perms }: CoreSegment, range: Range, notes: CoreNotes): Region {
  const [kind, pathname] = kindOf(range, notes);
  const { start, end } = range;
  return {
    start,
    end,
    perms: `${perms}p`,
    offset: 0n,
    dev: '00:00',
    inode: 0n,
    pathname,
    kind,
    facts: NO_FACTS,
  };
}

function kindOf(range: Range, { inStack, vdso }: CoreNotes): [kind: RegionKind, pathname: string] {
  if (range.start === VSYSCALL) return ['special', '[vsyscall]'];
  if (holds(range, vdso)) return ['special', '[vdso]'];
  return holds(range, inStack) ? ['stack', '[stack]'] : ['anon', ''];
}

const holds = ({ start, end }: Range, address: bigint | undefined): boolean =>
  address !== undefined && start <= address && address < end;

function copiedOf(segments: readonly CoreSegment[], regions: readonly Region[]): Range[] {
  const stored = segments.map(({ start, storedEnd }) => ({ start, end: storedEnd }));
  const copied: Range[] = [];
  for (const region of regions) {
    if (region.kind !== 'file' || isBeginning(region)) continue;
    for (const part of partsIn(stored, region)) copied.push(part);
  }
  return joinRanges(copied);
}

/**
 * Whether a region may be an ELF file's first mapping. The kernel stores its first page (core(5), bit 4 of coredump_filter) and
 * gdb all of it, although these pages are the file's.
 */
const isBeginning = ({ offset, perms }: Region): boolean => offset === 0n && perms[1] === '-';

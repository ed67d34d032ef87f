import type { Memory } from '../../memory/memory.ts';
import type { Range } from '../../memory/ranges.ts';
import { addon } from '../../native/addon.ts';
import { type Pthread, type PthreadLayout, selfReferences } from './pthreads.ts';

/**
 * Offsets from the member `list` of struct pthread (nptl/descr.h), equal in glibc 2.12 to 2.43 on all 64-bit machines. Only
 * members before `list` (the thread control block) and behind `specific` differ.
 */
const Offset = {
  next: 0x00,
  previous: 0x08,
  tid: 0x10,
  /** specific_1stblock: 32 pairs of words. */
  firstKeys: 0x50,
  /** specific[0], which always points to specific_1stblock. */
  keys: 0x250,
  /** Bounds of the members stackblock, stackblock_size, guardsize in all versions; behind specific[32]. */
  stackFrom: 0x350,
  stackTo: 0x450,
} as const;

export const glibcPthreads: PthreadLayout = { linksIn, read, linksAround };

function* linksIn(bytes: Buffer, address: bigint): Generator<bigint> {
  for (const keys of selfReferences(bytes, address, Offset.keys - Offset.firstKeys)) {
    yield keys - BigInt(Offset.keys);
  }
}

function read(memory: Memory, link: bigint): Pthread | undefined {
  const bytes = readUpTo(memory, link, Offset.stackTo);
  if (!bytes || bytes.length < Offset.stackFrom) return undefined;
  if (bytes.readBigUInt64LE(Offset.keys) !== link + BigInt(Offset.firstKeys)) return undefined;
  return {
    link,
    tid: bytes.readInt32LE(Offset.tid),
    neighbours: [bytes.readBigUInt64LE(Offset.next), bytes.readBigUInt64LE(Offset.previous)],
    stacks: [...stacksIn(bytes, link)],
  };
}

// The end of the descriptor may lie on a page that was never touched.
function readUpTo(memory: Memory, address: bigint, length: number): Buffer | undefined {
  const toPageEnd = addon.pageSize - Number(address % BigInt(addon.pageSize));
  return memory.read(address, length) ?? memory.read(address, Math.min(length, toPageEnd));
}

// The offsets depend on the version, so the members are recognised by value: a stack block around the descriptor. A block set by
// pthread_attr_setstack() need not begin at a page boundary, and has no guard.
function* stacksIn(bytes: Buffer, link: bigint): Generator<Range> {
  for (let i = Offset.stackFrom; i + 24 <= bytes.length; i += 8) {
    const block = bytes.readBigUInt64LE(i);
    const end = block + bytes.readBigUInt64LE(i + 8);
    const start = block + bytes.readBigUInt64LE(i + 16);
    if (block > 0n && start <= link && end > link + BigInt(i)) yield { start, end };
  }
}

// Two circular lists link descriptors: one for stacks that glibc allocated, one for stacks from the program. Since 2.34 their
// anchors are adjacent in memory (_dl_stack_used, _dl_stack_user: sysdeps/generic/ldsodefs.h).
function linksAround(memory: Memory, link: bigint): bigint[] {
  const anchor = memory.read(link, 16);
  const next = anchor?.readBigUInt64LE(Offset.next);
  if (!anchor || !next || memory.read(next, 16)?.readBigUInt64LE(Offset.previous) !== link) return [];
  return [next, anchor.readBigUInt64LE(Offset.previous), link + 16n, link - 16n];
}

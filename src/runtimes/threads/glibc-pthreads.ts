import type { Memory } from '../../memory/memory.ts';
import type { Range } from '../../memory/ranges.ts';
import { addon } from '../../native/addon.ts';
import { type Pthread, type PthreadLayout, selfReferences } from './pthreads.ts';

/**
 * Offsets from the member `list` of struct pthread: the same in glibc 2.12 to 2.43 on all 64-bit machines, for what
 * differs lies before it (the thread control block) or behind `specific`. nptl/descr.h.
 */
const Offset = {
  next: 0x00,
  previous: 0x08,
  tid: 0x10,
  /** specific_1stblock: 32 pairs of words. */
  firstKeys: 0x50,
  /** specific[0], which points to specific_1stblock: set when the stack is allocated, for good. */
  keys: 0x250,
  /** Behind specific[32], and behind any version's stackblock, stackblock_size, guardsize. */
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

// The end of the descriptor may be on a page that was never touched.
function readUpTo(memory: Memory, address: bigint, length: number): Buffer | undefined {
  const toPageEnd = addon.pageSize - Number(address % BigInt(addon.pageSize));
  return memory.read(address, length) ?? memory.read(address, Math.min(length, toPageEnd));
}

// Where the fields are depends on the version: they are known by what they hold, a block around the descriptor. A block
// given by pthread_attr_setstack() need not begin at a page, and has no guard.
function* stacksIn(bytes: Buffer, link: bigint): Generator<Range> {
  for (let i = Offset.stackFrom; i + 24 <= bytes.length; i += 8) {
    const block = bytes.readBigUInt64LE(i);
    const end = block + bytes.readBigUInt64LE(i + 8);
    const start = block + bytes.readBigUInt64LE(i + 16);
    if (block > 0n && start <= link && end > link + BigInt(i)) yield { start, end };
  }
}

// Two circular lists link descriptors: of stacks that glibc allocated and of those given by the program. Since 2.34
// their heads lie side by side in memory (_dl_stack_used, _dl_stack_user: sysdeps/generic/ldsodefs.h).
function linksAround(memory: Memory, link: bigint): bigint[] {
  const head = memory.read(link, 16);
  const next = head?.readBigUInt64LE(Offset.next);
  if (!head || !next || memory.read(next, 16)?.readBigUInt64LE(Offset.previous) !== link) return [];
  return [next, head.readBigUInt64LE(Offset.previous), link + 16n, link - 16n];
}

import type { Memory } from '../../memory/memory.ts';
import type { Range } from '../../memory/ranges.ts';
import { type Pthread, type PthreadLayout, selfReferences } from './pthreads.ts';

/** Offsets from `tid`, equal in musl 1.1.20 to 1.2.5 on all 64-bit machines: src/internal/pthread_impl.h. */
const FromTid = { mapBase: 24, mapSize: 32, stack: 40, stackSize: 48, guardSize: 56, end: 64 } as const;

/** Layouts by machine and version: offsets of `prev` and `tid` in the descriptor, whose first word points to itself. */
export const muslPthreads: readonly PthreadLayout[] = [
  layoutOf(16, 48), // x86-64 since 1.2.1
  layoutOf(8, 32), // aarch64 and others with the thread's variables above it, since 1.2.1
  layoutOf(16, 56), // before 1.2.1
];

function layoutOf(prev: number, tid: number): PthreadLayout {
  const read = (memory: Memory, link: bigint): Pthread | undefined => {
    const bytes = memory.read(link, tid + FromTid.end);
    if (bytes?.readBigUInt64LE() !== link) return undefined;
    return {
      link,
      tid: bytes.readInt32LE(tid),
      neighbours: [bytes.readBigUInt64LE(prev), bytes.readBigUInt64LE(prev + 8)],
      stacks: stacksIn(bytes.subarray(tid), link),
    };
  };
  // The list is a circle of descriptors, including the main thread's, and has no anchor.
  return { linksIn: (bytes, address) => selfReferences(bytes, address, 0), read, linksAround: () => [] };
}

// A stack from the program has no mapping by musl. Small ones, whose descriptor is elsewhere, are not found.
function stacksIn(fromTid: Buffer, link: bigint): Range[] {
  const word = (offset: number): bigint => fromTid.readBigUInt64LE(offset);
  const start = word(FromTid.stack) - word(FromTid.stackSize);
  const base = word(FromTid.mapBase);
  const isConsistent = base === 0n || base + word(FromTid.guardSize) === start;
  const end = (base || start) + word(FromTid.mapSize);
  return isConsistent && start > 0n && start <= link && link < end ? [{ start, end }] : [];
}

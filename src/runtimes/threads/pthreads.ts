import type { Memory } from '../../memory/memory.ts';
import type { Range } from '../../memory/ranges.ts';

/** What a C library keeps of a thread: its descriptor, `struct pthread`, in the thread's stack block. */
export interface Pthread {
  /** The address by which its neighbours in the library's list of threads know it. */
  readonly link: bigint;
  /** As the process itself counts; 0 once the thread has ended. */
  readonly tid: number;
  /** The links before and after it. */
  readonly neighbours: readonly bigint[];
  /** The stack it was given, without guard. More than one where another field may be taken for it, the likely first. */
  readonly stacks: readonly Range[];
}

/** A C library's descriptors, 64-bit and little-endian. */
export interface PthreadLayout {
  /** Links of what may be descriptors in `bytes`, which were read at `address`, a multiple of 8. */
  linksIn(bytes: Buffer, address: bigint): Iterable<bigint>;
  /** The descriptor with that link, if there is one. */
  read(memory: Memory, link: bigint): Pthread | undefined;
  /** Other links, of a link that is no descriptor's but the list's own. */
  linksAround(memory: Memory, link: bigint): readonly bigint[];
}

/** All in the lists that descriptor `first` is in. It is `memory` that must bound how far forged links lead. */
export function* pthreadsAround(layout: PthreadLayout, memory: Memory, first: bigint): Generator<Pthread> {
  const links = new Set([first]); // grows on the way
  for (const link of links) {
    const pthread = layout.read(memory, link);
    if (pthread) yield pthread;
    for (const next of pthread?.neighbours ?? layout.linksAround(memory, link)) links.add(next);
  }
}

/** Addresses of words in `bytes`, read at `address`, that hold their own address less `distance`. */
export function* selfReferences(bytes: Buffer, address: bigint, distance: number): Generator<bigint> {
  const low = Number(address & 0xffff_ffffn) - distance;
  for (let i = 0; i + 8 <= bytes.length; i += 8) {
    if (bytes.readUInt32LE(i) === (low + i) >>> 0) yield address + BigInt(i);
  }
}

import type { Memory } from '../../memory/memory.ts';
import type { Range } from '../../memory/ranges.ts';

/** A C library's descriptor of a thread: `struct pthread`, in the thread's stack block. */
export interface Pthread {
  /** The address to which its neighbours in the library's list of threads point. */
  readonly link: bigint;
  /** Thread id as the process itself sees it; 0 once the thread has ended. */
  readonly tid: number;
  /** The links of its neighbours in the list. */
  readonly neighbours: readonly bigint[];
  /** The thread's stack, without guard. Several candidates if other members look like one; the likeliest first. */
  readonly stacks: readonly Range[];
}

/** Reads a C library's descriptors, 64-bit and little-endian. */
export interface PthreadLayout {
  /** Yields links of possible descriptors in `bytes`, which were read at `address`, a multiple of 8. */
  linksIn(bytes: Buffer, address: bigint): Iterable<bigint>;
  /** Reads the descriptor with this link; undefined if there is none. */
  read(memory: Memory, link: bigint): Pthread | undefined;
  /** Returns the links next to one that belongs to the list itself, not to a descriptor. */
  linksAround(memory: Memory, link: bigint): readonly bigint[];
}

/** Yields all descriptors in the lists that contain `first`. Forged links may go on forever: `memory` must have a budget. */
export function* pthreadsAround(layout: PthreadLayout, memory: Memory, first: bigint): Generator<Pthread> {
  const links = new Set([first]); // grows during the loop
  for (const link of links) {
    const pthread = layout.read(memory, link);
    if (pthread) yield pthread;
    for (const next of pthread?.neighbours ?? layout.linksAround(memory, link)) links.add(next);
  }
}

/** Yields addresses of words in `bytes`, read at `address`, that hold their own address minus `distance`. */
export function* selfReferences(bytes: Buffer, address: bigint, distance: number): Generator<bigint> {
  const low = Number(address & 0xffff_ffffn) - distance;
  for (let i = 0; i + 8 <= bytes.length; i += 8) {
    if (bytes.readUInt32LE(i) === (low + i) >>> 0) yield address + BigInt(i);
  }
}

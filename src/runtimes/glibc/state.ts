import type { Memory } from '../../memory/memory.ts';

/** What is wanted of a malloc_state, by which glibc keeps an arena. */
export interface MallocState {
  readonly address: bigint;
  /** Of the main arena: brk has failed it once, and memory of mmap serves it instead. */
  readonly noncontiguous: boolean;
  readonly top: bigint;
  /** Where its bins and last_remainder point to: free chunks. */
  readonly chunks: readonly bigint[];
  /** The next arena in the ring of them all. */
  readonly next: bigint;
}

/**
 * Where `top` is: glibc 2.27 to 2.42, those before, those after. What follows is the same in all: last_remainder, bins,
 * binmap, next. https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c;hb=glibc-2.42
 */
const TOPS = [96, 88, 8];

const FLAGS = 4;
const NONCONTIGUOUS = 2;

const BINS = 127;
// From `top` on.
const LAST_REMAINDER = 8;
const FIRST_BIN = 16;
const NEXT = FIRST_BIN + BINS * 16 + 16;

const LENGTH = Math.max(...TOPS) + NEXT + 8;

export function readState(memory: Memory, address: bigint): MallocState | undefined {
  const bytes = memory.read(address, LENGTH);
  return bytes && stateIn(bytes, 0, address);
}

/** Those that lie in `bytes`, which are at `start`. */
export function statesIn(bytes: Buffer, start: bigint): MallocState[] {
  const states: MallocState[] = [];
  for (let offset = 0; offset < bytes.length; offset += 8) {
    const state = stateIn(bytes, offset, start + BigInt(offset));
    if (state) states.push(state);
  }
  return states;
}

function stateIn(bytes: Buffer, offset: number, address: bigint): MallocState | undefined {
  for (const top of TOPS) {
    const links = linksIn(bytes, offset + top + FIRST_BIN, address + BigInt(top));
    if (!links) continue;
    const word = (at: number): bigint => bytes.readBigUInt64LE(offset + top + at);
    return {
      address,
      noncontiguous: (bytes.readUInt32LE(offset + FLAGS) & NONCONTIGUOUS) !== 0,
      top: word(0),
      chunks: [word(LAST_REMAINDER), ...links],
      next: word(NEXT),
    };
  }
  return undefined;
}

/**
 * Where the bins point to, if they are some. A bin is the two links of a ring of chunks, and taken for a chunk itself,
 * 16 bytes before them: an empty one points there. No chunk is so large that it goes into the last (largebin_index_64).
 */
function linksIn(bytes: Buffer, offset: number, first: bigint): bigint[] | undefined {
  const last = (BINS - 1) * 16;
  if (offset - FIRST_BIN + NEXT + 8 > bytes.length) return undefined;
  const empty = first + BigInt(last);
  if (bytes.readBigUInt64LE(offset + last) !== empty) return undefined;
  if (bytes.readBigUInt64LE(offset + last + 8) !== empty) return undefined;
  const links: bigint[] = [];
  for (let at = 0; at < last; at += 8) {
    const link = bytes.readBigUInt64LE(offset + at);
    if (link === 0n || link % 8n !== 0n) return undefined;
    if (link !== first + BigInt(at - (at % 16))) links.push(link);
  }
  return links;
}

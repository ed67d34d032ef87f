import type { Memory } from '../../memory/memory.ts';

/** The fields of an arena's malloc_state that memscan uses. */
export interface MallocState {
  readonly address: bigint;
  /** In the main arena: brk has failed once, and it takes memory by mmap instead. */
  readonly noncontiguous: boolean;
  /** Address of the top chunk. */
  readonly top: bigint;
  /** Free chunks: targets of its bins and last_remainder. */
  readonly chunks: readonly bigint[];
  /** Address of the next arena in the ring of all arenas. */
  readonly next: bigint;
}

/**
 * Offset of `top` in glibc 2.27 to 2.42, in older, and in newer versions. The fields behind it are the same in all:
 * last_remainder, bins, binmap, next. https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c;hb=glibc-2.42
 */
const TOPS = [96, 88, 8];

const FLAGS = 4;
const NONCONTIGUOUS = 2;

const BINS = 127;
// Offsets from `top`.
const LAST_REMAINDER = 8;
const FIRST_BIN = 16;
const NEXT = FIRST_BIN + BINS * 16 + 16;

const LENGTH = Math.max(...TOPS) + NEXT + 8;

/** Reads the malloc_state at `address`; undefined if it is not resident or not valid. */
export function readState(memory: Memory, address: bigint): MallocState | undefined {
  const bytes = memory.read(address, LENGTH);
  return bytes && stateIn(bytes, 0, address);
}

/** Finds each valid malloc_state in `bytes`, which were read at address `start`. */
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
 * Returns the targets of the bins, or undefined if the bytes are not bins. A bin holds the two links of a ring of chunks, and
 * acts as a chunk that begins 16 bytes before them; an empty bin points there. The last bin is always empty: no chunk is large
 * enough for it (largebin_index_64).
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

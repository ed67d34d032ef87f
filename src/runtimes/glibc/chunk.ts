// The header of a chunk of glibc's malloc, with 64-bit pointers.
// https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c;hb=glibc-2.42 (struct malloc_chunk)
import type { Memory } from '../../memory/memory.ts';

/** Bytes from the start of a chunk to the memory that malloc returns: the words prev_size and size. */
export const HEADER_LENGTH = 16;

/** Bytes of the next header that a chunk in use may fill: the word prev_size. */
export const BORROWED_LENGTH = 8;

export const ALIGNMENT = 16;
const MIN_SIZE = 32;

/** Flags in the word `size`. */
export const PREV_INUSE = 1;
export const IS_MMAPPED = 2;
export const NON_MAIN_ARENA = 4;
const FLAGS = 7;

/** Size of a fence chunk, which is only a header. Two of them end memory that an arena no longer extends. */
export const FENCE_SIZE = HEADER_LENGTH;

/** A chunk with a mapping of its own fills whole pages. */
const PAGE = 4096;

/** The header of a chunk, or two words that may be one. */
export interface ChunkHeader {
  /** Size in bytes of the chunk before it, if that one is free. */
  readonly prevSize: number;
  /** Size in bytes, header included. Any number below 2 ** 64; rounded above 2 ** 53. */
  readonly size: number;
  /** PREV_INUSE, IS_MMAPPED, NON_MAIN_ARENA. */
  readonly flags: number;
}

// These make no objects: a loop calls them for every 16 bytes of memory.
export const prevSizeIn = (bytes: Buffer, at: number): number => wordIn(bytes, at);
export const sizeIn = (bytes: Buffer, at: number): number => wordIn(bytes, at + 8) - flagsIn(bytes, at);
export const flagsIn = (bytes: Buffer, at: number): number => bytes[at + 8]! & FLAGS;

const wordIn = (bytes: Buffer, at: number): number =>
  bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);

/** Reads the header in the first 16 bytes. */
export const headerIn = (bytes: Buffer): ChunkHeader => ({
  prevSize: prevSizeIn(bytes, 0),
  size: sizeIn(bytes, 0),
  flags: flagsIn(bytes, 0),
});

/** Reads the header at `chunk`; undefined if it is not resident. */
export function readHeader(memory: Memory, chunk: bigint): ChunkHeader | undefined {
  const bytes = memory.read(chunk, HEADER_LENGTH);
  return bytes && headerIn(bytes);
}

/** Whether a chunk in an arena can have this size. */
export const isChunkSize = (size: number): boolean => size >= MIN_SIZE && size % ALIGNMENT === 0;

/** Whether the chunk can belong to the main arena. */
export const isOfMain = ({ size, flags }: ChunkHeader): boolean =>
  (flags & ~PREV_INUSE) === 0 && isChunkSize(size);

/** Whether the chunk can be the first in memory of the main arena: no free chunk before it. */
export const canBeFirst = (header: ChunkHeader): boolean =>
  header.prevSize === 0 && isOfMain(header) && (header.flags & PREV_INUSE) !== 0;

/**
 * Returns the length in bytes of a chunk's own mapping; undefined if it does not have one. Since glibc 2.43, `size` does not
 * include the header.
 */
export function mmappedLength({ prevSize, size, flags }: ChunkHeader): number | undefined {
  if (prevSize !== 0 || flags !== IS_MMAPPED || size === 0) return undefined;
  const length = size % PAGE === 0 ? size : size + HEADER_LENGTH;
  return length % PAGE === 0 ? length : undefined;
}

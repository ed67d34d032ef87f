// A chunk of glibc's malloc where pointers have 64 bits: all of memscan's knowledge of its header.
// https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c;hb=glibc-2.42 (struct malloc_chunk)
import type { Memory } from '../../memory/memory.ts';

/** Bytes from a chunk to the memory that malloc returns: the words prev_size and size. */
export const HEADER_LENGTH = 16;

/** Bytes of the next chunk's header that belong to the memory of a chunk in use: the word prev_size. */
export const BORROWED_LENGTH = 8;

export const ALIGNMENT = 16;
export const MIN_SIZE = 32;

/** Bits of the word size. */
export const PREV_INUSE = 1;
export const IS_MMAPPED = 2;
export const NON_MAIN_ARENA = 4;
const FLAGS = 7;

/** The size of a chunk that is nothing but a header: two of them close memory that an arena left for other memory. */
export const FENCE_SIZE = HEADER_LENGTH;

/** Memory maps consist of pages, and a chunk with a mapping of its own fills one. */
const PAGE = 4096;

/** Two words of memory that are a chunk's header, or may be. */
export interface ChunkHeader {
  /** The size in bytes of the chunk before it, if that is free. */
  readonly prevSize: number;
  /** In bytes, header included. Any number below 2 ** 64: beyond 2 ** 53 it is rounded. */
  readonly size: number;
  /** PREV_INUSE, IS_MMAPPED, NON_MAIN_ARENA. */
  readonly flags: number;
}

// A loop over every 16 bytes of memory asks these: no object is made.
export const prevSizeIn = (bytes: Buffer, at: number): number => wordIn(bytes, at);
export const sizeIn = (bytes: Buffer, at: number): number => wordIn(bytes, at + 8) - flagsIn(bytes, at);
export const flagsIn = (bytes: Buffer, at: number): number => bytes[at + 8]! & FLAGS;

const wordIn = (bytes: Buffer, at: number): number =>
  bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);

/** The header in the first 16 bytes. */
export const headerIn = (bytes: Buffer): ChunkHeader => ({
  prevSize: prevSizeIn(bytes, 0),
  size: sizeIn(bytes, 0),
  flags: flagsIn(bytes, 0),
});

/** The header at `chunk`; undefined where it is not in memory. */
export function readHeader(memory: Memory, chunk: bigint): ChunkHeader | undefined {
  const bytes = memory.read(chunk, HEADER_LENGTH);
  return bytes && headerIn(bytes);
}

/** Whether a chunk of an arena can have the size. */
export const isChunkSize = (size: number): boolean => size >= MIN_SIZE && size % ALIGNMENT === 0;

/** Whether the chunk can be one of the main arena. */
export const isOfMain = ({ size, flags }: ChunkHeader): boolean =>
  (flags & ~PREV_INUSE) === 0 && isChunkSize(size);

/** Whether memory of the main arena can begin with the chunk: nothing is free before the first. */
export const canBeFirst = (header: ChunkHeader): boolean =>
  header.prevSize === 0 && isOfMain(header) && (header.flags & PREV_INUSE) !== 0;

/**
 * The length in bytes of the mapping that a chunk has for itself; undefined where it has none. From glibc 2.43 on, the size
 * lacks the length of a header.
 */
export function mmappedLength({ prevSize, size, flags }: ChunkHeader): number | undefined {
  if (prevSize !== 0 || flags !== IS_MMAPPED || size === 0) return undefined;
  const length = size % PAGE === 0 ? size : size + HEADER_LENGTH;
  return length % PAGE === 0 ? length : undefined;
}

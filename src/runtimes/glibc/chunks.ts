import type { Memory } from '../../memory/memory.ts';

/**
 * A malloc chunk begins with two words: the size of the chunk before it, if that is free, and its own size with three
 * flags, its head. https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c;hb=glibc-2.42
 */
const FLAGS = 7n;
const PREV_INUSE = 1n;
const IS_MMAPPED = 2n;

const ALIGNMENT = 16n;
const MIN_SIZE = 32n;
const HEAD_LENGTH = 16n;
const FENCE = HEAD_LENGTH | PREV_INUSE;
const FENCE_LENGTH = 2n * HEAD_LENGTH;
const PAGE = 4096n;

/** Bytes read for firstHead(). */
export const FIRST_HEAD = 16;

/** The head of the first chunk of a mapping: there is none before it. */
export function firstHead(memory: Memory, start: bigint): bigint | undefined {
  const bytes = memory.read(start, FIRST_HEAD);
  return bytes?.readBigUInt64LE(0) === 0n ? bytes.readBigUInt64LE(8) : undefined;
}

/** How long the mapping is that a chunk has for itself; from glibc 2.43 on its size is without a head at the end. */
export function mmappedLength(head: bigint): bigint | undefined {
  const size = head & ~FLAGS;
  if ((head & FLAGS) !== IS_MMAPPED || size === 0n) return undefined;
  const length = size % PAGE === 0n ? size : size + HEAD_LENGTH;
  return length % PAGE === 0n ? length : undefined;
}

/** Whether memory of the main arena can begin with this one: before the first chunk nothing is free. */
export const canBeFirst = (head: bigint): boolean => isOfMain(head) && (head & PREV_INUSE) !== 0n;

function isOfMain(head: bigint): boolean {
  const size = head & ~FLAGS;
  return (head & FLAGS & ~PREV_INUSE) === 0n && size >= MIN_SIZE && size % ALIGNMENT === 0n;
}

/** Memory that the main arena took at once, as far as its chunks lead. */
export interface Piece {
  readonly end: bigint;
  /** They lead to its end: a top chunk, or what closes a piece that was left for another. */
  readonly isWhole: boolean;
}

/**
 * What the main arena takes of mmap, unless a large chunk is wanted: a page more than DEFAULT_TOP_PAD in glibc 2.35 to
 * 2.37, else MMAP_AS_MORECORE_SIZE (https://sourceware.org/git/?p=glibc.git;a=commit;h=6a734e62f1).
 */
const USUAL_PIECES = [0x21000n, 0x100000n];

/** The end of a piece of a usual size: from its first chunk to its last there may be tens of thousands. */
export function usualEnd(
  start: bigint,
  limit: bigint,
  tops: ReadonlySet<bigint>,
  heads: Heads,
): bigint | undefined {
  const isLast = (chunk: bigint, end: bigint): boolean =>
    start <= chunk && chunk < end && chunk + ((heads.read(chunk) ?? 0n) & ~FLAGS) === end;
  return USUAL_PIECES.map((length) => start + length).find(
    (end) =>
      end <= limit && (isFence(end - FENCE_LENGTH, heads) || [...tops].some((top) => isLast(top, end))),
  );
}

/** Goes from chunk to chunk, at most to `limit`, where those at `tops` are the last. */
export function walkPiece(start: bigint, limit: bigint, tops: ReadonlySet<bigint>, heads: Heads): Piece {
  for (let at = start; ;) {
    const head = at < limit ? heads.read(at) : undefined;
    if (head === undefined) return { end: at, isWhole: false };
    if (isFence(at, heads)) return { end: at + FENCE_LENGTH, isWhole: true };
    const end = at + (head & ~FLAGS);
    if (!isOfMain(head) || end > limit) return { end: at, isWhole: false };
    if (tops.has(at)) return { end, isWhole: end % PAGE === 0n };
    at = end;
  }
}

// Two chunks that are nothing but heads, up to the end of a page.
function isFence(at: bigint, heads: Heads): boolean {
  if ((at + FENCE_LENGTH) % PAGE !== 0n) return false;
  const [first, second] = [heads.read(at) ?? 0n, heads.read(at + HEAD_LENGTH)];
  return (first | PREV_INUSE) === FENCE && second === FENCE;
}

/** Heads of chunks, read by pages; undefined after so many. */
export class Heads {
  private left = 8192;
  private page = -1n;
  private bytes: Buffer | undefined;

  constructor(private readonly memory: Memory) {}

  read(chunk: bigint): bigint | undefined {
    const offset = chunk % PAGE;
    if (chunk - offset !== this.page) {
      if (this.left === 0) return undefined;
      this.left--;
      this.page = chunk - offset;
      this.bytes = this.memory.read(this.page, Number(PAGE));
    }
    return this.bytes?.readBigUInt64LE(Number(offset) + 8);
  }
}

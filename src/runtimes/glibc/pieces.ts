import type { Memory } from '../../memory/memory.ts';
import { FENCE_SIZE, isOfMain, PREV_INUSE, readHeader } from './chunk.ts';

/** Memory that the main arena took by one mmap, up to the end of its last valid chunk. */
export interface Piece {
  readonly end: bigint;
  /** Whether its chunks lead to a top chunk, or to the fence of a piece that the arena no longer extends. */
  readonly isWhole: boolean;
}

const PAGE = 4096n;

/** A fence is two chunks. */
const FENCE_LENGTH = BigInt(2 * FENCE_SIZE);

/**
 * Bytes that the main arena takes by one mmap, unless it needs a large chunk: a page more than DEFAULT_TOP_PAD in glibc 2.35 to
 * 2.37, else MMAP_AS_MORECORE_SIZE (https://sourceware.org/git/?p=glibc.git;a=commit;h=6a734e62f1).
 */
const USUAL_LENGTHS = [0x21000n, 0x100000n];

/**
 * Returns the end of a piece of a usual length without walking its chunks, of which there may be tens of thousands; undefined
 * if it has another length. `tops` are the top chunks of main arenas.
 */
export function usualEnd(
  start: bigint,
  limit: bigint,
  tops: ReadonlySet<bigint>,
  memory: Memory,
): bigint | undefined {
  const isLast = (chunk: bigint, end: bigint): boolean =>
    start <= chunk && chunk < end && chunk + BigInt(readHeader(memory, chunk)?.size ?? 0) === end;
  return USUAL_LENGTHS.map((length) => start + length).find(
    (end) =>
      end <= limit && (isFence(end - FENCE_LENGTH, memory) || [...tops].some((top) => isLast(top, end))),
  );
}

/** Walks from chunk to chunk, at most up to `limit`. A chunk in `tops` is the last of its piece. */
export function walkPiece(start: bigint, limit: bigint, tops: ReadonlySet<bigint>, memory: Memory): Piece {
  for (let at = start; ;) {
    const header = at < limit ? readHeader(memory, at) : undefined;
    if (!header) return { end: at, isWhole: false };
    if (isFence(at, memory)) return { end: at + FENCE_LENGTH, isWhole: true };
    const end = at + BigInt(header.size);
    if (!isOfMain(header) || end > limit) return { end: at, isWhole: false };
    if (tops.has(at)) return { end, isWhole: end % PAGE === 0n };
    at = end;
  }
}

/** Whether a fence, two chunks that are only headers, lies at `at` and ends at a page boundary. */
function isFence(at: bigint, memory: Memory): boolean {
  if ((at + FENCE_LENGTH) % PAGE !== 0n) return false;
  const first = readHeader(memory, at);
  const second = readHeader(memory, at + BigInt(FENCE_SIZE));
  return (
    first?.size === FENCE_SIZE &&
    (first.flags & ~PREV_INUSE) === 0 &&
    second?.size === FENCE_SIZE &&
    second.flags === PREV_INUSE
  );
}

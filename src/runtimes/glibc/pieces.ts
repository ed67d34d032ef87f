import type { Memory } from '../../memory/memory.ts';
import { FENCE_SIZE, isOfMain, PREV_INUSE, readHeader } from './chunk.ts';

/** Memory that the main arena took at once, as far as its chunks lead. */
export interface Piece {
  readonly end: bigint;
  /** Its chunks lead to its end: a top chunk, or the fence of a piece that was left for another. */
  readonly isWhole: boolean;
}

const PAGE = 4096n;

/** A fence is two chunks. */
const FENCE_LENGTH = BigInt(2 * FENCE_SIZE);

/**
 * What the main arena takes of mmap, unless a large chunk is wanted: a page more than DEFAULT_TOP_PAD in glibc 2.35 to
 * 2.37, else MMAP_AS_MORECORE_SIZE (https://sourceware.org/git/?p=glibc.git;a=commit;h=6a734e62f1).
 */
const USUAL_LENGTHS = [0x21000n, 0x100000n];

/**
 * The end of a piece of a usual length, found without a walk: there may be tens of thousands of chunks from its first to its
 * last. `tops` are the top chunks of main arenas.
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

/** Goes from chunk to chunk, at most to `limit`. The chunks at `tops` are the last of their pieces. */
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

/** Whether two chunks that are nothing but headers lie there, up to the end of a page. */
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

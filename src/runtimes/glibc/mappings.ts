import type { Memory } from '../../memory/memory.ts';
import { byStart, firstEndingAfter, joinRanges, partsIn, type Range } from '../../memory/ranges.ts';
import { canBeFirst, FIRST_HEAD, firstHead, Heads, mmappedLength, usualEnd, walkPiece } from './chunks.ts';
import type { MallocState } from './state.ts';

/** What malloc has mapped, but for the heaps of threads' arenas. */
export interface Mappings {
  /** Chunks with a mapping each. */
  readonly chunks: readonly Range[];
  /** Memory of main arenas: where brk fails, they take it of mmap, piece by piece. */
  readonly pieces: readonly Range[];
}

/**
 * Looks for mappings where one of `areas`, anonymous memory that can be written to, begins; right after others, since
 * neighbours become one area; and from those chunks on that main arenas know to be free.
 * https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c;hb=glibc-2.42 (sysmalloc)
 */
export function findMappings(
  areas: readonly Range[],
  mains: readonly MallocState[],
  memory: Memory,
): Mappings {
  const runs = joinRanges(areas);
  const search = new Search(mains, withFirstHeads(areas, memory));
  let end = 0n;
  for (const { start } of [...areas, ...search.free].toSorted(byStart)) {
    const run = start >= end && runs[firstEndingAfter(runs, start)];
    if (run && run.start <= start) end = search.follow(start, run.end);
  }
  return search;
}

/** There may be tens of thousands of areas: what stands at their beginnings is read at once. */
function withFirstHeads(areas: readonly Range[], memory: Memory): Memory {
  const starts = areas.map(({ start }) => start);
  const heads = memory.readEach?.(starts, FIRST_HEAD);
  if (!heads) return memory;
  const known = new Map(starts.map((start, i) => [start, heads[i]]));
  return {
    read: (address, length) =>
      length === FIRST_HEAD && known.has(address) ? known.get(address) : memory.read(address, length),
  };
}

/** As many as malloc makes for chunks, if not told otherwise (DEFAULT_MMAP_MAX). */
const MAX_MAPPINGS = 65536;

class Search implements Mappings {
  readonly chunks: Range[] = [];
  readonly pieces: Range[] = [];
  /** The first bytes of chunks that main arenas know to be free, of those at their ends, too: top. In order. */
  readonly free: readonly Range[];
  private readonly tops: ReadonlySet<bigint>;
  private readonly heads: Heads;
  private readonly hasPieces: boolean;

  constructor(
    mains: readonly MallocState[],
    private readonly memory: Memory,
  ) {
    this.tops = new Set(mains.map(({ top }) => top));
    const free = [...this.tops, ...mains.flatMap(({ chunks }) => chunks)].filter(
      (chunk) => chunk % 16n === 0n,
    );
    this.free = joinRanges(free.map((chunk) => ({ start: chunk, end: chunk + 1n })));
    this.hasPieces = mains.some(({ noncontiguous }) => noncontiguous);
    this.heads = new Heads(memory);
  }

  /** Takes mapping after mapping from `start` on, at most to `limit`, and returns where they end. */
  follow(start: bigint, limit: bigint): bigint {
    let at = start;
    while (at < limit && this.chunks.length + this.pieces.length < MAX_MAPPINGS) {
      const end = this.take(at, limit);
      if (end === undefined) break;
      at = end;
    }
    return at;
  }

  private take(start: bigint, limit: bigint): bigint | undefined {
    const head = firstHead(this.memory, start);
    const length = head === undefined ? undefined : mmappedLength(head);
    if (length !== undefined && start + length <= limit) {
      this.chunks.push({ start, end: start + length });
      return start + length;
    }
    const isFirst = head !== undefined && canBeFirst(head);
    const end = this.pieceEnd(start, limit, isFirst);
    if (end !== undefined) this.pieces.push({ start, end });
    return end;
  }

  // What is not whole is told by a free chunk; and so is all of an arena that brk has not failed: it may be memory of brk
  // without its name.
  private pieceEnd(start: bigint, limit: bigint, isFirst: boolean): bigint | undefined {
    if (!isFirst && !this.isFreeIn(start, start + 1n)) return undefined;
    if (!this.hasPieces && !this.isFreeIn(start, limit)) return undefined;
    const usual = isFirst && this.hasPieces ? usualEnd(start, limit, this.tops, this.heads) : undefined;
    if (usual !== undefined) return usual;
    const { end, isWhole } = walkPiece(start, limit, this.tops, this.heads);
    return isWhole || this.isFreeIn(start, end) ? end : undefined;
  }

  private isFreeIn(start: bigint, end: bigint): boolean {
    return !partsIn(this.free, { start, end }).next().done;
  }
}

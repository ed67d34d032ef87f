import type { Memory } from '../../memory/memory.ts';
import { PagedMemory } from '../../memory/paged-memory.ts';
import { byStart, firstEndingAfter, joinRanges, partsIn, type Range } from '../../memory/ranges.ts';
import { canBeFirst, type ChunkHeader, HEADER_LENGTH, headerIn, mmappedLength, readHeader } from './chunk.ts';
import { usualEnd, walkPiece } from './pieces.ts';
import type { MallocState } from './state.ts';

/** Memory that malloc has mapped, except for heaps of threads' arenas. */
export interface Mappings {
  /** Chunks with a mapping of their own. */
  readonly chunks: readonly Range[];
  /** Memory of main arenas, which they take by mmap, piece by piece, once brk has failed. */
  readonly pieces: readonly Range[];
}

/**
 * Finds mappings of malloc in `areas`, which are writable anonymous memory. Searches at the start of each area, right behind
 * each mapping (the kernel merges neighbours), and from each free chunk that a main arena lists.
 * https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c;hb=glibc-2.42 (sysmalloc)
 */
export function findMappings(
  areas: readonly Range[],
  mains: readonly MallocState[],
  memory: Memory,
): Mappings {
  const runs = joinRanges(areas);
  const search = new Search(mains, headersOf(areas, memory), new PagedMemory(memory, BUDGET));
  let end = 0n;
  for (const { start } of [...areas, ...search.free].toSorted(byStart)) {
    const run = start >= end && runs[firstEndingAfter(runs, start)];
    if (run && run.start <= start) end = search.follow(start, run.end);
  }
  return search;
}

/** Reads the headers at the starts of areas in one call: there may be tens of thousands of areas. */
function headersOf(areas: readonly Range[], memory: Memory): ReadonlyMap<bigint, ChunkHeader | undefined> {
  const starts = areas.map(({ start }) => start);
  const headers = memory.readEach?.(starts, HEADER_LENGTH);
  return new Map(headers && starts.map((start, i) => [start, headers[i] && headerIn(headers[i])]));
}

/** Limits the walks over chunks. Pieces of a usual length need no walk. */
const BUDGET = { pages: 8192, reads: 1 << 20 };

/** malloc's default limit for mappings of chunks (DEFAULT_MMAP_MAX). */
const MAX_MAPPINGS = 65536;

class Search implements Mappings {
  readonly chunks: Range[] = [];
  readonly pieces: Range[] = [];
  /** First byte of each free chunk that a main arena lists, top included. In order. */
  readonly free: readonly Range[];
  private readonly tops: ReadonlySet<bigint>;
  private readonly hasPieces: boolean;

  constructor(
    mains: readonly MallocState[],
    private readonly known: ReadonlyMap<bigint, ChunkHeader | undefined>,
    private readonly memory: PagedMemory,
  ) {
    this.tops = new Set(mains.map(({ top }) => top));
    const free = [...this.tops, ...mains.flatMap(({ chunks }) => chunks)].filter(
      (chunk) => chunk % 16n === 0n,
    );
    this.free = joinRanges(free.map((chunk) => ({ start: chunk, end: chunk + 1n })));
    this.hasPieces = mains.some(({ noncontiguous }) => noncontiguous);
  }

  /** Records adjacent mappings from `start` on, at most up to `limit`. Returns the end of the last. */
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
    const header = this.known.has(start) ? this.known.get(start) : readHeader(this.memory, start);
    const length = header && mmappedLength(header);
    if (length !== undefined && start + BigInt(length) <= limit) {
      this.chunks.push({ start, end: start + BigInt(length) });
      return start + BigInt(length);
    }
    const isFirst = header !== undefined && canBeFirst(header);
    const end = this.pieceEnd(start, limit, isFirst);
    if (end !== undefined) this.pieces.push({ start, end });
    return end;
  }

  // A piece that is not whole counts only with a free chunk in it. So does any piece of an arena for which brk has not failed:
  // it may be memory of brk that lost its name.
  private pieceEnd(start: bigint, limit: bigint, isFirst: boolean): bigint | undefined {
    if (!isFirst && !this.isFreeIn(start, start + 1n)) return undefined;
    if (!this.hasPieces && !this.isFreeIn(start, limit)) return undefined;
    const usual = isFirst && this.hasPieces ? usualEnd(start, limit, this.tops, this.memory) : undefined;
    if (usual !== undefined) return usual;
    const { end, isWhole } = walkPiece(start, limit, this.tops, this.memory);
    return isWhole || this.isFreeIn(start, end) ? end : undefined;
  }

  private isFreeIn(start: bigint, end: bigint): boolean {
    return !partsIn(this.free, { start, end }).next().done;
  }
}

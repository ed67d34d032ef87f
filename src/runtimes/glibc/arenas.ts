import type { Memory } from '../../memory/memory.ts';
import { byStart, type Range } from '../../memory/ranges.ts';
import { type MallocState, readState } from './state.ts';

/** An arena other than the main one. Its malloc_state lies in the first of its heaps. */
export interface Arena {
  readonly state: MallocState;
  /** The writable part of each heap, in order of addresses. */
  readonly heaps: readonly Range[];
}

interface Heap extends Range {
  /** Address of its arena's malloc_state. */
  readonly arena: bigint;
  /** Address of the heap before it; 0 for the first heap of an arena. */
  readonly prev: bigint;
}

/** Alignment and maximum size of a heap with 64-bit pointers. */
const HEAP_MAX = 64n << 20n;
const MIN_PAGE = 4096n;

/** heap_info: ar_ptr, prev, size, mprotect_size, and pagesize since glibc 2.35. A first heap has malloc_state behind it. */
const INFO_LENGTH = 40;
const STATE_AFTER_PAGESIZE = 0x30n;
const STATE_BEFORE_PAGESIZE = 0x20n;

/** Most addresses checked for a heap: enough for a TiB. A process may reserve a thousand times the memory it uses. */
const MAX_CANDIDATES = 16384;

/**
 * Finds the arenas of threads whose heaps lie in `areas`, which are writable anonymous memory. Returns them in order of their
 * malloc_state's addresses.
 * https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/arena.c;hb=glibc-2.42
 */
export function findArenas(areas: readonly Range[], memory: Memory): Arena[] {
  const found = readHeaps(areas, memory);
  const followers = followersOf(found);
  const arenas: Arena[] = [];
  for (const first of found.heaps.values()) {
    if (first.prev !== 0n) continue;
    const state = readState(memory, first.arena);
    if (!state || !isTopIn(first.arena, state.top, found, memory)) continue;
    arenas.push({ state, heaps: chainFrom(first, followers).toSorted(byStart) });
  }
  return arenas.toSorted((a, b) => (a.state.address < b.state.address ? -1 : 1));
}

interface FoundHeaps {
  /** By start address. */
  readonly heaps: ReadonlyMap<bigint, Heap>;
  /** Addresses that may be heaps, but whose first page is not resident. */
  readonly missing: ReadonlySet<bigint>;
}

function readHeaps(areas: readonly Range[], memory: Memory): FoundHeaps {
  const heaps = new Map<bigint, Heap>();
  const missing = new Set<bigint>();
  let left = MAX_CANDIDATES;
  for (const start of candidatesIn(areas)) {
    if (left-- === 0) break;
    const bytes = memory.read(start, INFO_LENGTH);
    const heap = bytes && heapOf(bytes, start);
    if (heap) heaps.set(start, heap);
    else if (!bytes) missing.add(start);
  }
  return { heaps, missing };
}

// Small areas first: the largest are mostly unused reserves.
function* candidatesIn(areas: readonly Range[]): Generator<bigint> {
  const wide = areas.filter(({ start, end }) => alignedUp(start) < end);
  for (const { start, end } of wide.toSorted((a, b) => (a.end - a.start < b.end - b.start ? -1 : 1))) {
    for (let at = alignedUp(start); at < end; at += HEAP_MAX) yield at;
  }
}

const alignedUp = (address: bigint): bigint => ((address + HEAP_MAX - 1n) / HEAP_MAX) * HEAP_MAX;
const heapAt = (address: bigint): bigint => address - (address % HEAP_MAX);

function heapOf(bytes: Buffer, start: bigint): Heap | undefined {
  const [arena, prev, size, writable, pageSize] = [0, 8, 16, 24, 32].map((at) =>
    bytes.readBigUInt64LE(at),
  ) as [bigint, bigint, bigint, bigint, bigint];
  if (size === 0n || size > writable || writable > HEAP_MAX || (size | writable) % MIN_PAGE !== 0n)
    return undefined;
  const isFirst = heapAt(arena) === start;
  if (isFirst ? prev !== 0n : prev === 0n || prev === start || prev % HEAP_MAX !== 0n) return undefined;
  return isState(arena, pageSize) ? { start, end: start + writable, arena, prev } : undefined;
}

function isState(arena: bigint, pageSize: bigint): boolean {
  const offset = arena % HEAP_MAX;
  if (offset === STATE_BEFORE_PAGESIZE) return true;
  return offset === STATE_AFTER_PAGESIZE && pageSize >= MIN_PAGE && (pageSize & (pageSize - 1n)) === 0n;
}

/** Heaps by the heap before them. If that is not resident, the chain has a gap: they then follow their arena's first heap. */
function followersOf({ heaps, missing }: FoundHeaps): Map<bigint, Heap[]> {
  const followers = new Map<bigint, Heap[]>();
  for (const heap of heaps.values()) {
    if (heap.prev === 0n) continue;
    const prev = missing.has(heap.prev) ? heapAt(heap.arena) : heap.prev;
    const others = followers.get(prev);
    if (others) others.push(heap);
    else followers.set(prev, [heap]);
  }
  return followers;
}

// Each heap follows exactly one, so no heap comes twice, whatever the target has written.
function chainFrom(first: Heap, followers: ReadonlyMap<bigint, readonly Heap[]>): Heap[] {
  const chain = [first];
  for (const { start } of chain) {
    for (const heap of followers.get(start) ?? []) if (heap.arena === first.arena) chain.push(heap);
  }
  return chain;
}

/** Whether the top chunk lies in a heap of the arena: one found before, or one that was created since. */
function isTopIn(arena: bigint, top: bigint, { heaps, missing }: FoundHeaps, memory: Memory): boolean {
  const start = heapAt(top);
  if (missing.has(start)) return true;
  const bytes = heaps.has(start) ? undefined : memory.read(start, INFO_LENGTH);
  const heap = heaps.get(start) ?? (bytes && heapOf(bytes, start));
  return heap?.arena === arena;
}

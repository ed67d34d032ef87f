import type { Memory } from '../../memory/memory.ts';
import { byStart, type Range } from '../../memory/ranges.ts';
import { type MallocState, readState } from './state.ts';

/** An arena of threads: its malloc_state lies in the first of its heaps. */
export interface Arena {
  readonly state: MallocState;
  /** What of each heap has been made writable. In order. */
  readonly heaps: readonly Range[];
}

interface Heap extends Range {
  readonly arena: bigint;
  /** Zero for the first heap of an arena. */
  readonly prev: bigint;
}

/** Alignment and greatest size of a heap, where pointers have 64 bits. */
const HEAP_MAX = 64n << 20n;
const MIN_PAGE = 4096n;

/** heap_info: ar_ptr, prev, size, mprotect_size, from glibc 2.35 on pagesize. In a first heap malloc_state follows. */
const INFO_LENGTH = 40;
const STATE_AFTER_PAGESIZE = 0x30n;
const STATE_BEFORE_PAGESIZE = 0x20n;

/** Looked at for heaps, in a TiB of memory: what a process reserves may be a thousand times what it uses. */
const MAX_PLACES = 16384;

/**
 * The arenas whose heaps lie in `areas`, anonymous memory that can be written to, in order of their first heaps.
 * https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/arena.c;hb=glibc-2.42
 */
export function findArenas(areas: readonly Range[], memory: Memory): Arena[] {
  const looked = lookAt(areas, memory);
  const followers = followersOf(looked);
  const arenas: Arena[] = [];
  for (const first of looked.heaps.values()) {
    if (first.prev !== 0n) continue;
    const state = readState(memory, first.arena);
    if (!state || !isTopIn(first.arena, state.top, looked, memory)) continue;
    arenas.push({ state, heaps: chainFrom(first, followers).toSorted(byStart) });
  }
  return arenas.toSorted((a, b) => (a.state.address < b.state.address ? -1 : 1));
}

interface Looked {
  readonly heaps: ReadonlyMap<bigint, Heap>;
  /** Where heaps may be that cannot be told: their first page is not in memory. */
  readonly missing: ReadonlySet<bigint>;
}

function lookAt(areas: readonly Range[], memory: Memory): Looked {
  const heaps = new Map<bigint, Heap>();
  const missing = new Set<bigint>();
  let left = MAX_PLACES;
  for (const start of placesIn(areas)) {
    if (left-- === 0) break;
    const bytes = memory.read(start, INFO_LENGTH);
    const heap = bytes && heapOf(bytes, start);
    if (heap) heaps.set(start, heap);
    else if (!bytes) missing.add(start);
  }
  return { heaps, missing };
}

// The smallest areas first: the largest are reserves with little in them.
function* placesIn(areas: readonly Range[]): Generator<bigint> {
  const wide = areas.filter(({ start, end }) => alignedUp(start) < end);
  for (const { start, end } of wide.toSorted((a, b) => (a.end - a.start < b.end - b.start ? -1 : 1))) {
    for (let place = alignedUp(start); place < end; place += HEAP_MAX) yield place;
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

/** By the heap before them. Where that is swapped out, nothing but the chain is missing: they follow the first. */
function followersOf({ heaps, missing }: Looked): Map<bigint, Heap[]> {
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

// Each heap follows one: whatever the target has written, none comes twice.
function chainFrom(first: Heap, followers: ReadonlyMap<bigint, readonly Heap[]>): Heap[] {
  const chain = [first];
  for (const { start } of chain) {
    for (const heap of followers.get(start) ?? []) if (heap.arena === first.arena) chain.push(heap);
  }
  return chain;
}

/** Whether the top chunk lies in a heap of the arena: in one that was looked at, or in one made since. */
function isTopIn(arena: bigint, top: bigint, { heaps, missing }: Looked, memory: Memory): boolean {
  const start = heapAt(top);
  if (missing.has(start)) return true;
  const bytes = heaps.has(start) ? undefined : memory.read(start, INFO_LENGTH);
  const heap = heaps.get(start) ?? (bytes && heapOf(bytes, start));
  return heap?.arena === arena;
}

import type { Memory } from '../../memory/memory.ts';
import { ownMemory } from '../../memory/own-memory.ts';
import { PagedMemory } from '../../memory/paged-memory.ts';
import { firstEndingAfter, type Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import { addon } from '../../native/addon.ts';
import type { Thread } from '../../proc/threads.ts';
import { glibcPthreads } from './glibc-pthreads.ts';
import { muslPthreads } from './musl-pthreads.ts';
import { type Pthread, type PthreadLayout, pthreadsAround } from './pthreads.ts';
import { isGuarded } from './stack-regions.ts';

/** Pages looked at for a first descriptor, and other looks at what is found there: about 10 ms. */
const MOST_SEARCHED = 2048;
/** Looks at descriptors in lists, and more for each thread: one of glibc's holds unused stacks, up to 40 MiB of them. */
const MOST_LISTED = 2048;
/** Descriptors are so near to the top of their stacks (but for machines with the thread's variables above them). */
const PAGES_BELOW_TOP = 4;
/** A thread that waits has, mostly, less than this on its stack. */
const PAGES_ABOVE_POINTER = 32;
/** A stack that the target has torn into more regions is not followed further. */
const MOST_REGIONS = 16;

const LAYOUTS: readonly PthreadLayout[] = [glibcPthreads, ...muslPthreads];

/**
 * Stacks of threads with a descriptor of a C library's, by their own ids. One descriptor is enough to find all, running
 * threads' and those of neighbouring stacks in one region, too.
 */
export function stacksByPthread(
  threads: readonly Thread[],
  regions: readonly Region[],
  memory: Memory,
): Map<number, Range> {
  const stacks = new Map<number, Range>();
  const missing = new Map(threads.map((thread) => [thread.ownId, thread]));
  const add = (pthread: Pthread): void => {
    const stack = missing.has(pthread.tid) ? usableStack(pthread, regions) : undefined;
    if (!stack) return;
    missing.delete(pthread.tid);
    stacks.set(pthread.tid, stack);
  };
  const own = ownMemory(memory, regions);
  const budget = MOST_LISTED + 8 * threads.length;
  const listed = new PagedMemory(own, { pages: budget, reads: budget });
  const pages = likelyPages(missing, regions);
  for (const { layout, pthread: first } of search(pages, own)) {
    if (!missing.has(first.tid)) continue;
    for (const pthread of pthreadsAround(layout, listed, first.link)) {
      add(pthread);
      if (missing.size === 0) return stacks;
    }
  }
  return stacks;
}

interface Found {
  readonly layout: PthreadLayout;
  readonly pthread: Pthread;
}

/** Descriptors with a stack in these pages, as long as it is worth looking. */
function* search(pages: Iterable<bigint>, memory: Memory): Generator<Found> {
  const searched = new PagedMemory(memory, { pages: MOST_SEARCHED });
  const seen = new Set<bigint>();
  for (const page of pages) {
    if (seen.has(page)) continue;
    if (seen.add(page).size > MOST_SEARCHED) return;
    const bytes = searched.read(page, addon.pageSize);
    if (bytes) yield* descriptorsIn(bytes, page, searched);
  }
}

function* descriptorsIn(bytes: Buffer, address: bigint, memory: Memory): Generator<Found> {
  for (const layout of LAYOUTS) {
    for (const link of layout.linksIn(bytes, address)) {
      const pthread = layout.read(memory, link);
      if (pthread && pthread.stacks.length > 0) yield { layout, pthread };
    }
  }
}

/** Addresses of pages that may hold descriptors of threads that are still `missing`, the likely first. */
function* likelyPages(missing: ReadonlyMap<number, Thread>, regions: readonly Region[]): Generator<bigint> {
  for (const thread of missing.values()) yield* pagesAbove(thread.stackPointer(), regions);
  const areRunning = [...missing.values()].some((thread) => thread.stackPointer() === undefined);
  if (areRunning) yield* topPages(regions);
}

function* pagesAbove(pointer: bigint | undefined, regions: readonly Region[]): Generator<bigint> {
  if (pointer === undefined) return;
  const region = regions[firstEndingAfter(regions, pointer)];
  if (!region || pointer < region.start) return;
  const page = BigInt(addon.pageSize);
  const first = (pointer / page) * page;
  for (let at = region.end - page, i = 0; at >= first && i < PAGES_BELOW_TOP; at -= page, i++) yield at;
  for (let at = first, i = 0; at < region.end && i < PAGES_ABOVE_POINTER; at += page, i++) yield at;
}

// Guards are regions of their own up to glibc 2.41, and on kernels before 6.13, which have no MADV_GUARD_INSTALL.
function* topPages(regions: readonly Region[]): Generator<bigint> {
  const isOwn = ({ kind, perms }: Region): boolean => kind === 'anon' && perms.startsWith('rw');
  const guarded = regions.filter((region, i) => isOwn(region) && isGuarded(regions, i));
  const likely = new Set([...guarded, ...regions.filter(isOwn)]);
  for (let i = 1; i <= PAGES_BELOW_TOP; i++) {
    for (const { end } of likely) yield end - BigInt(i * addon.pageSize);
  }
}

function usableStack({ link, stacks }: Pthread, regions: readonly Region[]): Range | undefined {
  const around = readableAround(link, regions);
  const stack = around && stacks.find(({ end }) => end <= around.end);
  return stack && { start: stack.start > around.start ? stack.start : around.start, end: stack.end };
}

// What can be read without a gap, from below to the end of the region with the descriptor: the JVM, for one, makes the
// lowest pages of its stacks a guard of its own.
function readableAround(link: bigint, regions: readonly Region[]): Range | undefined {
  const top = firstEndingAfter(regions, link);
  let lowest = regions[top];
  if (!lowest || link < lowest.start) return undefined;
  for (let i = top - 1; i >= 0 && i > top - MOST_REGIONS; i--) {
    const below = regions[i]!;
    if (below.end !== lowest.start || !below.perms.startsWith('r')) break;
    lowest = below;
  }
  return { start: lowest.start, end: regions[top]!.end };
}

import type { Memory } from '../../memory/memory.ts';
import { PagedMemory } from '../../memory/paged-memory.ts';
import { firstEndingAfter } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import { addon } from '../../native/addon.ts';
import type { Thread } from '../../proc/threads.ts';
import { glibcPthreads } from './glibc-pthreads.ts';
import { muslPthreads } from './musl-pthreads.ts';
import type { Pthread, PthreadLayout } from './pthreads.ts';
import { isGuarded } from './stacks-by-region.ts';

/** Most pages to search for a descriptor, and most reads to check what may be one: about 10 ms. */
const MOST_SEARCHED = 2048;
/** Descriptors are this close to the top of their stacks, unless the thread's variables are above them. */
const PAGES_BELOW_TOP = 4;
/** A waiting thread mostly has less than this on its stack. */
const PAGES_ABOVE_POINTER = 32;

const LAYOUTS: readonly PthreadLayout[] = [glibcPthreads, ...muslPthreads];

export interface FoundPthread {
  readonly layout: PthreadLayout;
  readonly pthread: Pthread;
}

/**
 * Yields descriptors near the stacks of threads that are still `missing`, by their own ids, likeliest first. The caller removes
 * threads from `missing` while it iterates. The number of reads is bounded.
 */
export function* searchPthreads(
  missing: ReadonlyMap<number, Thread>,
  regions: readonly Region[],
  memory: Memory,
): Generator<FoundPthread> {
  const searched = new PagedMemory(memory, { pages: MOST_SEARCHED, reads: 2 * MOST_SEARCHED });
  const seen = new Set<bigint>();
  for (const page of likelyPages(missing, regions)) {
    if (seen.has(page)) continue;
    if (seen.add(page).size > MOST_SEARCHED) return;
    const bytes = searched.read(page, addon.pageSize);
    if (bytes) yield* descriptorsIn(bytes, page, searched);
  }
}

/** Addresses of pages that may hold descriptors of missing threads, likeliest first. */
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

// Guards are regions of their own up to glibc 2.41, and on kernels before 6.13, which lack MADV_GUARD_INSTALL.
function* topPages(regions: readonly Region[]): Generator<bigint> {
  const isOwn = ({ kind, perms }: Region): boolean => kind === 'anon' && perms.startsWith('rw');
  const guarded = regions.filter((region, i) => isOwn(region) && isGuarded(regions, i));
  const likely = new Set([...guarded, ...regions.filter(isOwn)]);
  for (let i = 1; i <= PAGES_BELOW_TOP; i++) {
    for (const { end } of likely) yield end - BigInt(i * addon.pageSize);
  }
}

function* descriptorsIn(bytes: Buffer, address: bigint, memory: Memory): Generator<FoundPthread> {
  for (const layout of LAYOUTS) {
    for (const link of layout.linksIn(bytes, address)) {
      const pthread = layout.read(memory, link);
      if (pthread && pthread.stacks.length > 0) yield { layout, pthread };
    }
  }
}

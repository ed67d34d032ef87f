import { firstEndingAfter, type Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import { addon } from '../../native/addon.ts';
import type { Thread } from '../../proc/threads.ts';

/** Larger regions are hardly ever a stack. */
const LARGEST_STACK = 64n << 20n;

/**
 * Returns the stack at a stack pointer for threads without a C library's descriptor: those of Go, or made by clone(). If the
 * region looks like a stack, with a guard below, this is the whole region. Otherwise the stack may be a small part of a heap,
 * so only the page with the pointer is certain.
 */
export function stackAt(pointer: bigint | undefined, regions: readonly Region[]): Range | undefined {
  if (pointer === undefined) return undefined;
  const index = firstEndingAfter(regions, pointer);
  const region = regions[index];
  if (!region || pointer < region.start || !region.perms.startsWith('rw')) return undefined;
  if (isStack(regions, index)) return boundsOf(region);
  const page = BigInt(addon.pageSize);
  const start = (pointer / page) * page;
  return { start, end: start + page };
}

const GLIBC_NAME = /^\[anon: glibc: pthread (?:user )?stack: (\d+)\]$/;
const KERNEL_NAME = /^\[stack:(\d+)\]$/;

/**
 * Returns a lookup of threads' stacks by the names of regions. glibc sets names since 2.39 if the tunable
 * glibc.mem.decorate_maps is on, with the tid that the process sees. Linux 3.4 to 4.4 named the region that the stack pointer
 * was in, of whatever kind.
 */
export function stacksByName(regions: readonly Region[]): (thread: Thread) => Range | undefined {
  const byGlibc = new Map<number, Range>();
  const byKernel = new Map<number, Range>();
  regions.forEach((region, i) => {
    const [, ofGlibc] = GLIBC_NAME.exec(region.pathname) ?? [];
    const [, ofKernel] = KERNEL_NAME.exec(region.pathname) ?? [];
    if (ofGlibc) byGlibc.set(Number(ofGlibc), boundsOf(region));
    if (ofKernel && isStack(regions, i)) byKernel.set(Number(ofKernel), boundsOf(region));
  });
  return ({ id, ownId }) => byGlibc.get(ownId) ?? byKernel.get(id);
}

const boundsOf = ({ start, end }: Region): Range => ({ start, end });

function isStack(regions: readonly Region[], index: number): boolean {
  const { kind, start, end } = regions[index]!;
  return kind !== 'shared' && end - start <= LARGEST_STACK && isGuarded(regions, index);
}

/** Whether inaccessible anonymous memory lies directly below the region. */
export function isGuarded(regions: readonly Region[], index: number): boolean {
  const below = regions[index - 1];
  return below?.end === regions[index]!.start && below.perms === '---p' && below.kind === 'anon';
}

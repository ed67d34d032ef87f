import { NO_FACTS } from '../memory/facts.ts';
import type { Memory } from '../memory/memory.ts';
import { applyParts, type Part } from '../memory/parts.ts';
import type { Region } from '../memory/region.ts';
import { glibcParts } from './glibc/malloc.ts';
import { hotspotParts } from './hotspot/hotspot.ts';
import { threadStackParts } from './threads/threads.ts';

/**
 * Tells the regions of process `pid` apart by what is in them, beyond what their line of maps says. Nothing in the
 * target's memory makes this fail: what cannot be told stays as vague as it was.
 */
export function classifyProcess(pid: number, regions: readonly Region[], memory: Memory): Region[] {
  // What the kernel shows as one region may be a stack or HotSpot's, and malloc's right behind it.
  const rest = applyParts(regions, [
    hotspotParts(pid, regions, memory),
    threadStackParts(pid, regions, memory),
  ]);
  return classifyCore(rest, memory);
}

/** The same of a core's regions, by what every program may have in its memory. */
export function classifyCore(regions: readonly Region[], memory: Memory): Region[] {
  return applyParts(regions, [glibcParts(regions, memory), jitParts(regions)]);
}

/** Anonymous memory that can be executed: code made at run time. */
const jitParts = (regions: readonly Region[]): Part[] =>
  regions
    .filter(({ kind, perms }) => kind === 'anon' && perms.includes('x'))
    .map(({ start, end }) => ({ start, end, kind: 'jit', facts: NO_FACTS }));

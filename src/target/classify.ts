import type { Memory } from './memory.ts';
import { applyParts, type Part } from './parts.ts';
import { glibcParts } from './glibc.ts';
import { hotspotParts, isHotspot } from './hotspot.ts';
import { threadStackParts } from './threads.ts';
import type { Region } from './target.ts';

/**
 * Tells the regions of process `pid` apart by what is in them, beyond what their line of maps says. Nothing in the
 * target's memory makes this fail: what cannot be told stays as vague as it was.
 */
export function classifyProcess(pid: number, regions: readonly Region[], memory: Memory): Region[] {
  const lists: Part[][] = [
    hotspotParts(pid, regions, memory),
    threadStackParts(pid, regions, memory),
    glibcParts(regions, memory),
  ];
  return applyParts(regions, [...lists, isHotspot(regions) ? [] : jitParts(regions)]);
}

/** The same of a core's regions, by what is in their memory alone. */
export function classifyCore(regions: readonly Region[], memory: Memory): Region[] {
  return applyParts(regions, [glibcParts(regions, memory), isHotspot(regions) ? [] : jitParts(regions)]);
}

/** Anonymous memory that can be executed: code made at run time. */
const jitParts = (regions: readonly Region[]): Part[] =>
  regions
    .filter(({ kind, perms }) => kind === 'anon' && perms.includes('x'))
    .map(({ start, end }) => ({ start, end, kind: 'jit', detail: '' }));

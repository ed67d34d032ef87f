import type { Memory } from '../../memory/memory.ts';
import { PagedMemory } from '../../memory/paged-memory.ts';
import type { Part } from '../../memory/parts.ts';
import { firstEndingAfter, joinRanges, type Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import { codeParts } from './code.ts';
import { gcParts } from './gc.ts';
import { guessParts } from './guess.ts';
import { heapParts } from './heap.ts';
import { type Library, libraryRegion, withLibrary } from './library.ts';
import { metaspaceParts } from './metaspace.ts';
import { readVmStructs } from './vm-structs.ts';
import { Vm } from './vm.ts';

/** Whether the process has a HotSpot Java virtual machine in it. */
export const isHotspot = (regions: readonly Region[]): boolean => libraryRegion(regions) !== undefined;

/**
 * The memory that a HotSpot reserved for itself, by the bounds it keeps: nothing is stopped or attached to, as they can
 * be read from outside. What a process says of itself may be wrong, and no evidence of anything but itself.
 */
export function hotspotParts(pid: number, regions: readonly Region[], memory: Memory): Part[] {
  const library = libraryRegion(regions);
  if (!library) return [];
  const told = withLibrary(pid, library, (file) => partsByTables(file, regions, memory)) ?? [];
  const kinds = new Set(told.map(({ kind }) => kind));
  return [...told, ...guessParts(pid, regions).filter(({ kind }) => !kinds.has(kind))];
}

/** More than the tables and lists of a large JVM take; a process that lies may lead from page to page, or in circles. */
const BUDGET = { pages: 16384, reads: 1_000_000 };

function partsByTables(library: Library, regions: readonly Region[], memory: Memory): Part[] {
  const paged = new PagedMemory(memory, BUDGET);
  const structs = readVmStructs(library, paged);
  if (!structs) return [];
  const vm = new Vm(structs, paged);
  const parts = [...heapParts(vm, regions), ...codeParts(vm), ...gcParts(vm), ...metaspaceParts(vm, regions)];
  const mapped = joinRanges(regions);
  return parts.filter((part) => isMapped(part, mapped));
}

/** A reserve is mapped from its start to its end, if in parts: what is not is none. */
function isMapped({ start, end }: Range, mapped: readonly Range[]): boolean {
  const range = mapped[firstEndingAfter(mapped, start)];
  return start < end && range !== undefined && start >= range.start && end <= range.end;
}

import { codeParts } from './hotspot-code.ts';
import { gcParts } from './hotspot-gc.ts';
import { heapParts } from './hotspot-heap.ts';
import { libraryRegion, withLibrary } from './hotspot-library.ts';
import { PagedMemory } from './hotspot-memory.ts';
import { Vm } from './hotspot-vm.ts';
import type { Memory } from './memory.ts';
import type { Part } from './parts.ts';
import { firstEndingAfter, type Range, type Region } from './target.ts';
import { readVmStructs } from './vm-structs.ts';

/** Whether the process has a HotSpot Java virtual machine in it. */
export const isHotspot = (regions: readonly Region[]): boolean => libraryRegion(regions) !== undefined;

/**
 * The memory that a HotSpot reserved for itself, by the bounds it keeps: nothing is stopped or attached to, as they can
 * be read from outside. What a process says of itself may be wrong, and no evidence of anything but itself.
 */
export function hotspotParts(pid: number, regions: readonly Region[], memory: Memory): Part[] {
  const library = libraryRegion(regions);
  if (!library) return [];
  const parts = withLibrary(pid, library, (file) => {
    const paged = new PagedMemory(memory);
    const structs = readVmStructs(file, paged);
    return structs && partsOf(new Vm(structs, paged), regions);
  });
  return parts ?? [];
}

const partsOf = (vm: Vm, regions: readonly Region[]): Part[] =>
  [...heapParts(vm, regions), ...codeParts(vm), ...gcParts(vm)].filter((part) => isMapped(part, regions));

/** A reserve is mapped from its start to its end: what is not is none. */
function isMapped({ start, end }: Range, regions: readonly Region[]): boolean {
  let at = start;
  for (let i = firstEndingAfter(regions, at); i < regions.length && at < end; i++) {
    if (regions[i]!.start > at) return false;
    at = regions[i]!.end;
  }
  return start < end && at >= end;
}

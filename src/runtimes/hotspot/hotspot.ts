import type { Memory } from '../../memory/memory.ts';
import { PagedMemory } from '../../memory/paged-memory.ts';
import type { Part } from '../../memory/parts.ts';
import { firstEndingAfter, joinRanges, type Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import type { Detector } from '../runtime.ts';
import type { ProcessView } from '../view.ts';
import { codeParts } from './code.ts';
import { gcParts } from './gc.ts';
import { guessParts } from './guess.ts';
import { heapParts } from './heap.ts';
import { type Library, libraryRegion, withLibrary } from './library.ts';
import { metaspaceParts } from './metaspace.ts';
import { readVmStructs } from './vm-structs.ts';
import { Vm } from './vm.ts';

/**
 * HotSpot, the Java virtual machine of OpenJDK. Reads the tables that it exports for its serviceability agent, without stopping
 * or attaching to the process. A process may forge them, but that affects only its own result.
 */
export const hotspot: Detector = {
  detect(view) {
    const library = libraryRegion(view.regions);
    return library && { parts: () => hotspotParts(view, library) };
  },
};

function hotspotParts(view: ProcessView, library: Region): Part[] {
  const known = withLibrary(view, library, (file) => partsByTables(file, view.regions, view.memory)) ?? [];
  const kinds = new Set(known.map(({ kind }) => kind));
  return [...known, ...guessParts(view).filter(({ kind }) => !kinds.has(kind))];
}

/** More than the tables and lists of a large JVM need. Forged pointers may lead from page to page, or in circles. */
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

/** Whether the range is mapped without a gap, as a reserve must be. */
function isMapped({ start, end }: Range, mapped: readonly Range[]): boolean {
  const range = mapped[firstEndingAfter(mapped, start)];
  return start < end && range !== undefined && start >= range.start && end <= range.end;
}

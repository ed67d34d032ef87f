import type { Memory } from '../../memory/memory.ts';
import { PagedMemory } from '../../memory/paged-memory.ts';
import { partsIn, sizeOf } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import { type MallocState, readState, statesIn } from './state.ts';

/**
 * Finds the main arenas. Their malloc_state is in the data of libc.so or of a statically linked program. dlmopen(3) may create
 * several. `states` are those of the threads' arenas.
 */
export function findMainArenas(
  regions: readonly Region[],
  states: readonly MallocState[],
  memory: Memory,
): MallocState[] {
  const data = regions.filter(({ kind, perms }) => kind === 'file' && /^rw.p$/.test(perms));
  const libc = data.filter(isLibc);
  const found = [...nextOf(states, data, memory), ...inData(libc.length > 0 ? libc : data, memory)];
  return [...new Map(found.map((state) => [state.address, state])).values()].slice(0, MAX_ARENAS);
}

/** Each namespace of dlmopen(3) has its own libc.so. */
const MAX_ARENAS = 8;

// All arenas form a ring: the one outside of heaps is the main one.
function nextOf(states: readonly MallocState[], data: readonly Region[], memory: Memory): MallocState[] {
  return [...new Set(states.map(({ next }) => next))]
    .filter((address) => !partsIn(data, { start: address, end: address + 1n }).next().done)
    .slice(0, MAX_ARENAS)
    .flatMap((address) => readState(memory, address) ?? []);
}

const isLibc = ({ pathname }: Region): boolean => /\/libc(-2\.\d+)?\.so(\.6)?( \(deleted\))?$/.test(pathname);

/** Most bytes of a mapping to search. libc.so has two pages of data. */
const MOST_SEARCHED = 16 * 4096;

function inData(data: readonly Region[], memory: Memory): MallocState[] {
  const paged = new PagedMemory(memory, { pages: MAX_ARENAS * 16, reads: MAX_ARENAS });
  return data
    .slice(0, MAX_ARENAS)
    .flatMap((region) =>
      statesIn(paged.readOrZeros(region.start, Math.min(sizeOf(region), MOST_SEARCHED)), region.start),
    );
}

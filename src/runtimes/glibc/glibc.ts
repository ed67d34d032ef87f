import { NO_FACTS, type RegionFacts } from '../../memory/facts.ts';
import type { Memory } from '../../memory/memory.ts';
import type { Part } from '../../memory/parts.ts';
import { byStart, gapsIn, joinRanges, partsIn, type Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import type { Detector } from '../runtime.ts';
import { type Arena, findArenas } from './arenas.ts';
import { canBeFirst, readHeader } from './chunk.ts';
import { findMainArenas } from './main-arenas.ts';
import { findMappings } from './mappings.ts';
import type { MallocState } from './state.ts';

/** The malloc of glibc. */
export const glibc: Detector = {
  detect: ({ regions, memory }) => ({ parts: () => glibcParts(regions, memory) }),
};

/**
 * Finds the memory of glibc's malloc by its own bookkeeping: heaps of arenas, and chunks with a mapping of their own. Supports
 * the layouts of glibc 2.17 to 2.43 with 64-bit pointers. Parts do not overlap. The number of reads is bounded, even if the
 * target forges the bookkeeping.
 */
export function glibcParts(regions: readonly Region[], memory: Memory): Part[] {
  const areas = regions.filter(({ kind, perms }) => kind === 'anon' && /^rw.p$/.test(perms));
  const arenas = findArenas(areas, memory);
  const states = arenas.map(({ state }) => state);
  const mains = findMainArenas(regions, states, memory);

  const heaps = arenaParts(arenas, areas);
  const others = without(areas, heaps);
  const { chunks, pieces } = findMappings(others, mains, memory);
  return [
    ...brkParts(regions, mains, memory),
    ...heaps,
    ...partsOf('arena', joinRanges(pieces), MAIN),
    ...partsOf('mmap-chunk', chunks),
    ...namedParts(without(others, [...chunks, ...pieces]), mains),
  ];
}

const MAIN: RegionFacts = { arena: 'main' };

const arenaParts = (arenas: readonly Arena[], areas: readonly Region[]): Part[] =>
  arenas.flatMap(({ heaps }, i) =>
    partsOf(
      'arena',
      heaps.flatMap((heap) => [...partsIn(areas, heap)]),
      { arena: i + 1 },
    ),
  );

const partsOf = (kind: Part['kind'], ranges: readonly Range[], facts = NO_FACTS): Part[] =>
  ranges.map(({ start, end }) => ({ start, end, kind, facts }));

/** The parts of the regions outside of `ranges`, which do not overlap. */
function without(regions: readonly Region[], ranges: readonly Range[]): Region[] {
  const ordered = ranges.toSorted(byStart);
  return regions.flatMap((region) => gapsIn(region, ordered).map((gap) => ({ ...region, ...gap })));
}

/** Memory of brk belongs to the main arena if there are chunks in it; others than malloc may use brk, too. */
function brkParts(regions: readonly Region[], mains: readonly MallocState[], memory: Memory): Part[] {
  if (mains.length === 0) return [];
  const free = mains.flatMap((main) => [main.top, ...main.chunks]);
  const hasChunks = ({ start, end }: Range): boolean =>
    free.some((chunk) => start <= chunk && chunk < end) || beginsWithChunk(start, memory);
  return partsOf(
    'heap',
    regions.filter((region) => region.kind === 'heap' && hasChunks(region)),
    MAIN,
  );
}

function beginsWithChunk(start: bigint, memory: Memory): boolean {
  const header = readHeader(memory, start);
  return header !== undefined && canBeFirst(header);
}

/**
 * Memory that only names of mappings identify. glibc gives names since 2.39 if the tunable glibc.mem.decorate_maps is set. It
 * uses the same name for chunks with a mapping as for memory that the main arena took by mmap.
 */
function namedParts(regions: readonly Region[], mains: readonly MallocState[]): Part[] {
  const named = (name: string): Region[] => regions.filter(({ pathname }) => pathname === name);
  const isMainOnBrk = mains.length > 0 && mains.every(({ noncontiguous }) => !noncontiguous);
  return [
    ...partsOf('arena', named('[anon: glibc: malloc arena]')),
    ...(isMainOnBrk ? partsOf('mmap-chunk', named('[anon: glibc: malloc]')) : []),
  ];
}

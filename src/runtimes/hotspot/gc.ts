import type { Part } from '../../memory/parts.ts';
import type { Range } from '../../memory/ranges.ts';
import { heapRange, memRegion } from './heap.ts';
import type { Vm } from './vm.ts';

const PAGE = 4096n;

/** Returns the garbage collector's own tables, whose size depends on the heap's. */
export function gcParts(vm: Vm): Part[] {
  const heap = heapRange(vm);
  if (!heap) return [];
  return [...cardTableParts(vm, heap), ...g1Parts(vm, heap)];
}

/** Accepts a card table only if it covers exactly this heap. */
function cardTableParts(vm: Vm, heap: Range): Part[] {
  return cardTables(vm).flatMap(({ type, table }): Part[] => {
    const covered = memRegion(vm, vm.in(table, `${type}::_whole_heap`));
    const start = vm.get(table, `${type}::_byte_map`);
    const size = vm.get(table, `${type}::_byte_map_size`);
    if (covered?.start !== heap.start || covered.end !== heap.end) return [];
    if (start === undefined || size === undefined) return [];
    return [{ start, end: pageEnd(start + size), kind: 'jvm', facts: { use: 'card-table' } }];
  });
}

// Before JDK 10, the barrier set was the card table itself, and a field of the heap pointed to it.
function cardTables(vm: Vm): { type: string; table: bigint | undefined }[] {
  const heap = vm.global('Universe::_collectedHeap');
  const set = vm.global('BarrierSet::_barrier_set') ?? vm.get(heap, 'CollectedHeap::_barrier_set');
  return [
    { type: 'CardTable', table: vm.get(set, 'CardTableBarrierSet::_card_table') },
    { type: 'CardTableModRefBS', table: set },
  ];
}

/** Heap bytes per byte of G1's bitmaps of live objects (one bit per word) and of its tables (one byte per card). */
const G1_SHARES = [
  { share: 64n, use: 'g1-mark-bitmap' },
  { share: 512n, use: 'g1-card-or-offset-table' },
] as const;
// The manager has 232 to 248 bytes in JDK 17 to 25. In a mapper, the bounds follow its first pointers.
const MANAGER_WORDS = 32;
const MAPPER_WORDS = 8;
/** A reserve is rounded up by at most one large page. */
const MAX_ROUNDING = 2n << 20n;

/**
 * Finds G1's tables. G1 maps the heap and its per-region data by mapper objects, to which the region manager points. HotSpot's
 * exported tables do not describe mappers: two adjacent words identify one if they are the bounds of a reserve whose size fits
 * the heap.
 * https://github.com/openjdk/jdk/blob/master/src/hotspot/share/gc/g1/g1RegionToSpaceMapper.hpp
 */
function g1Parts(vm: Vm, heap: Range): Part[] {
  if (!vm.isSet('UseG1GC')) return [];
  const manager = vm.in(vm.global('Universe::_collectedHeap'), 'G1CollectedHeap::_hrm');
  if (manager === undefined) return [];
  return vm.memory.words(manager, MANAGER_WORDS).flatMap((mapper) => mappedBy(vm, mapper, heap));
}

function mappedBy(vm: Vm, mapper: bigint, heap: Range): Part[] {
  const words = vm.memory.words(mapper, MAPPER_WORDS);
  const bytes = heap.end - heap.start;
  return words.slice(1).flatMap((end, i): Part[] => {
    const start = words[i]!;
    const { use } = G1_SHARES.find(({ share }) => isRounded(end - start, bytes / share)) ?? {};
    const isBeside = end <= heap.start || start >= heap.end;
    return use && isBeside && start % PAGE === 0n ? [{ start, end, kind: 'jvm', facts: { use } }] : [];
  });
}

const isRounded = (size: bigint, exact: bigint): boolean =>
  size >= exact && size < exact + MAX_ROUNDING && size % PAGE === 0n;

const pageEnd = (address: bigint): bigint => ((address + PAGE - 1n) / PAGE) * PAGE;

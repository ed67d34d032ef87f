import type { Part } from '../../memory/parts.ts';
import type { Range } from '../../memory/ranges.ts';
import { heapRange, memRegion } from './heap.ts';
import type { Vm } from './vm.ts';

const PAGE = 4096n;

/** Memory of collectors beside the heap, which grows with it. */
export function gcParts(vm: Vm): Part[] {
  const heap = heapRange(vm);
  if (!heap) return [];
  return [...cardTableParts(vm, heap), ...g1Parts(vm, heap)];
}

/** The table of cards is one when it says that it is that of this heap. */
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

// The table was the barrier set before JDK 10, which the heap knew before there was a static field.
function cardTables(vm: Vm): { type: string; table: bigint | undefined }[] {
  const heap = vm.global('Universe::_collectedHeap');
  const set = vm.global('BarrierSet::_barrier_set') ?? vm.get(heap, 'CollectedHeap::_barrier_set');
  return [
    { type: 'CardTable', table: vm.get(set, 'CardTableBarrierSet::_card_table') },
    { type: 'CardTableModRefBS', table: set },
  ];
}

/** Bytes of heap for a byte of G1's bitmaps of live objects (a bit a word), and of its tables (a byte a card). */
const G1_SHARES = [
  { share: 64n, use: 'g1-mark-bitmap' },
  { share: 512n, use: 'g1-card-or-offset-table' },
] as const;
// The manager takes 232 to 248 bytes in JDK 17 and 25; the bounds stand after the mapper's first pointers.
const MANAGER_WORDS = 32;
const MAPPER_WORDS = 8;
/** Reserves are rounded up to a large page at most. */
const MAX_ROUNDING = 2n << 20n;

/**
 * G1 maps the heap and what it keeps of each region by objects of one class, to which the region manager points. No
 * table describes these: one is known by two neighbouring words that are the bounds of a reserve of the size which the
 * heap asks for.
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

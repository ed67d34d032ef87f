import { NO_FACTS } from '../../memory/facts.ts';
import type { Part } from '../../memory/parts.ts';
import type { Range } from '../../memory/ranges.ts';
import type { Vm } from './vm.ts';

/** Returns the code cache and its segment maps. */
export function codeParts(vm: Vm): Part[] {
  const heaps = codeHeaps(vm);
  const low = vm.global('CodeCache::_low_bound');
  const high = vm.global('CodeCache::_high_bound');
  const caches =
    low !== undefined && high !== undefined
      ? [{ start: low, end: high }]
      : reserves(vm, heaps, 'CodeHeap::_memory');
  return [
    ...caches.map((range): Part => ({ ...range, kind: 'code-cache', facts: NO_FACTS })),
    ...reserves(vm, heaps, 'CodeHeap::_segmap').map((range): Part => ({
      ...range,
      kind: 'jvm',
      facts: { use: 'code-cache-segment-map' },
    })),
  ];
}

/** Most code heaps to read. JDK 25 has up to four, one for each kind of code. */
const MOST_HEAPS = 16;

// A single heap before JDK 9, an array since then.
function codeHeaps(vm: Vm): bigint[] {
  const only = vm.global('CodeCache::_heap');
  if (only !== undefined) return [only];
  const array = vm.global('CodeCache::_heaps');
  const length = vm.int(array, 'GrowableArrayBase::_len') ?? vm.int(array, 'GenericGrowableArray::_len') ?? 0;
  const data = vm.get(array, 'GrowableArray<int>::_data');
  if (data === undefined) return [];
  return vm.memory.words(data, Math.min(Math.max(length, 0), MOST_HEAPS));
}

const reserves = (vm: Vm, heaps: readonly bigint[], field: string): Range[] =>
  heaps.flatMap((heap) => virtualSpace(vm, vm.in(heap, field)) ?? []);

/** The whole reserve of a VirtualSpace. */
function virtualSpace(vm: Vm, space: bigint | undefined): Range | undefined {
  const start = vm.get(space, 'VirtualSpace::_low_boundary');
  const end = vm.get(space, 'VirtualSpace::_high_boundary');
  return start !== undefined && end !== undefined ? { start, end } : undefined;
}

import { NO_FACTS, type RegionFacts } from '../../memory/facts.ts';
import type { Part } from '../../memory/parts.ts';
import { intersect, type Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import type { Vm } from './vm.ts';

const WORD = 8n;

const COLLECTORS = new Map([
  ['UseG1GC', 'G1'],
  ['UseParallelGC', 'Parallel'],
  ['UseSerialGC', 'Serial'],
  ['UseZGC', 'ZGC'],
  ['UseShenandoahGC', 'Shenandoah'],
  ['UseConcMarkSweepGC', 'CMS'],
  ['UseEpsilonGC', 'Epsilon'],
]);

const ZGC: RegionFacts = { collector: 'ZGC' };

/** Returns the reserve of the Java heap. Undefined for ZGC, whose reserve is in no table. */
export function heapRange(vm: Vm): Range | undefined {
  const reserved = vm.in(vm.global('Universe::_collectedHeap'), 'CollectedHeap::_reserved');
  return memRegion(vm, reserved);
}

/** Reads a MemRegion, which holds a start and a length in words. */
export function memRegion(vm: Vm, region: bigint | undefined): Range | undefined {
  const start = vm.get(region, 'MemRegion::_start');
  const words = vm.get(region, 'MemRegion::_word_size');
  return start !== undefined && words !== undefined ? { start, end: start + words * WORD } : undefined;
}

/** Returns the Java heap, with the collector's name. */
export function heapParts(vm: Vm, regions: readonly Region[]): Part[] {
  const collector = [...COLLECTORS].find(([flag]) => vm.isSet(flag))?.[1];
  const range = heapRange(vm);
  if (range)
    return [{ ...range, kind: 'java-heap', facts: collector === undefined ? NO_FACTS : { collector } }];
  return collector === 'ZGC' ? [...zgcViews(regions), ...zgcReserve(vm, regions)] : [];
}

/**
 * Finds ZGC's heap, which is shared memory with a name of its own. Before JDK 21, it is mapped at up to three addresses (views).
 * https://github.com/openjdk/jdk/blob/master/src/hotspot/os/linux/gc/z/zPhysicalMemoryBacking_linux.cpp
 */
export const zgcViews = (regions: readonly Region[]): Part[] =>
  regions
    .filter(
      ({ kind, pathname }) =>
        kind === 'shared' && /^\/memfd:java_heap(?:\.hugetlb)? \(deleted\)$/.test(pathname),
    )
    .map(({ start, end }) => ({ start, end, kind: 'java-heap', facts: ZGC }));

/**
 * Finds the unmapped rest of ZGC's reserve. Its views start at 1, 2 and 4 times the size of the range of heap offsets.
 * Inaccessible memory there is ZGC's; other mappings that happen to be there are accessible.
 * https://github.com/openjdk/jdk17u/blob/master/src/hotspot/cpu/x86/gc/z/zGlobals_x86.cpp
 */
function zgcReserve(vm: Vm, regions: readonly Region[]): Part[] {
  const views = offsetSizes(vm).flatMap((size) =>
    [size, 2n * size, 4n * size].map((start) => ({ start, end: start + size })),
  );
  const reserved = regions.filter(({ kind, perms }) => kind === 'anon' && perms === '---p');
  return reserved.flatMap((region) =>
    views.flatMap((view): Part[] => {
      const range = intersect(region, view);
      return range ? [{ ...range, kind: 'java-heap', facts: ZGC }] : [];
    }),
  );
}

/** In JDK 21 to 23, ZGC exists with and without generations; the latter is called X. */
function offsetSizes(vm: Vm): bigint[] {
  return ['Z', 'X'].flatMap((name) => {
    const globals = vm.global(`${name}GlobalsForVMStructs::_instance_p`);
    const mask = vm.get(globals, `${name}GlobalsForVMStructs::_${name}AddressOffsetMask`);
    const value = mask === undefined ? undefined : vm.memory.word(mask);
    return value ? [value + 1n] : [];
  });
}

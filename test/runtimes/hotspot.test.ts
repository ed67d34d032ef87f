import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { openTarget, type Range, type Region, type RegionKind } from '../../src/index.ts';
import type { Memory } from '../../src/memory/memory.ts';
import type { Part } from '../../src/memory/parts.ts';
import { intersect, joinRanges } from '../../src/memory/ranges.ts';
import { parseMaps } from '../../src/proc/maps.ts';
import { hotspot } from '../../src/runtimes/hotspot/hotspot.ts';
import { liveView } from '../../src/targets/live-view.ts';
import { findJdks, JavaProgram, type Jdk, takes, trackedMemory } from '../fixtures/java.ts';

const hotspotParts = (pid: number, regions: readonly Region[], memory: Memory): readonly Part[] =>
  hotspot.detect(liveView(pid, regions, memory))!.parts();

const COLLECTORS = {
  Serial: '-XX:+UseSerialGC',
  Parallel: '-XX:+UseParallelGC',
  G1: '-XX:+UseG1GC',
  Shenandoah: '-XX:+UseShenandoahGC',
  ZGC: '-XX:+UseZGC',
} as const;

const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'as it is by default': [],
  'without compressed pointers to objects': ['-XX:-UseCompressedOops'],
  'without compressed pointers to classes': ['-XX:-UseCompressedClassPointers', '-Xshare:off'],
  'without an archive of classes': ['-Xshare:off'],
};

const SMALL = ['-Xms32m', '-Xmx256m', '-XX:NativeMemoryTracking=detail'];

const jdks = findJdks();
const program = jdks[0] && new JavaProgram(jdks[0], 'Jvm');

describe('regions of a JVM', () => {
  if (!program) it.skip('cannot be tested: no JDK under /usr/lib/jvm or in the path', () => {});

  for (const jdk of jdks) {
    for (const [collector, option] of Object.entries(COLLECTORS)) {
      describe.skipIf(!takes(jdk, [option]))(`${jdk.name}, ${collector}`, () => {
        for (const [variant, options] of Object.entries(VARIANTS)) {
          it(`agree with native memory tracking ${variant}`, () =>
            agree(jdk, collector, [option, ...options]));
        }
      });
    }

    describe(jdk.name, () => {
      it('hold metaspace of many reserves', async () => {
        const { regions, tracked } = await observe(jdk, ['-XX:+UseSerialGC'], 300);
        expect(tracked('Metaspace', 'Class').reserved.length).toBeGreaterThan(1);
        expectMetaspace(regions, tracked);
      });

      it('are guessed without its tables', async () => {
        const { pid, tracked } = await observe(jdk, ['-XX:+UseSerialGC'], 0);
        const regions = parseMaps(readFileSync(`/proc/${pid}/maps`, 'utf8'), () => false);
        const parts = hotspotParts(pid, regions, { read: () => undefined });
        const guessed = (kind: RegionKind): Part[] => parts.filter((part) => part.kind === kind);
        // A heap that touches other memory cannot be guessed.
        const [heap] = tracked('Java Heap').reserved;
        const isApart = !regions.some(({ start, end }) => start === heap!.end || end === heap!.start);
        expect(guessed('java-heap').map(rangeOf)).toEqual(isApart ? [heap] : []);
        expect(sumOf(guessed('code-cache'))).toBeGreaterThan(0);
        for (const part of guessed('code-cache'))
          expect(partsIn(tracked('Code').reserved, part)).toEqual([rangeOf(part)]);
        expect(new Set(parts.map(({ facts }) => facts.isGuess))).toEqual(new Set([true]));
      });
    });
  }
});

async function agree(jdk: Jdk, collector: string, options: readonly string[]): Promise<void> {
  const { regions, tracked } = await observe(jdk, options, 4);

  const heap = regions.filter(({ kind }) => kind === 'java-heap');
  expectReserves(regions, heap, tracked('Java Heap').reserved);
  expectCommitted(regions, tracked('Java Heap'));
  expect([...new Set(heap.map(({ facts }) => facts.collector))]).toEqual([collector]);

  // Native memory tracking counts the code cache and its segment maps as Code.
  const code = regions.filter(({ kind, facts }) => kind === 'code-cache' || facts.use === SEGMENT_MAP);
  expect(code.filter(({ kind }) => kind === 'code-cache').some(({ perms }) => perms === 'rwxp')).toBe(true);
  expectReserves(regions, code, tracked('Code').reserved);
  expectCommitted(regions, tracked('Code'));

  expectMetaspace(regions, tracked);
  expectCommitted(regions, tracked('Class', 'Metaspace'));

  const collectors = regions.filter(({ kind, facts }) => kind === 'jvm' && facts.use !== SEGMENT_MAP);
  for (const region of collectors) expect(partsIn(tracked('GC').reserved, region)).toEqual([rangeOf(region)]);
  const hasCards = ['Serial', 'Parallel', 'G1'].includes(collector);
  expect(collectors.some(({ facts }) => facts.use === 'card-table')).toBe(hasCards);
}

const SEGMENT_MAP = 'code-cache-segment-map';

type Tracked = (...uses: string[]) => { reserved: readonly Range[]; committed: number };

/** A JVM's regions, and what its native memory tracking reports at that time. */
async function observe(
  jdk: Jdk,
  options: readonly string[],
  classes: number,
): Promise<{ pid: number; regions: readonly Region[]; tracked: Tracked }> {
  const jvm = await program!.start(jdk, [...SMALL, ...options], String(classes));
  await program!.ask(jdk, jvm, 'VM.native_memory detail'); // the first call takes memory
  const target = await openTarget(jvm.pid);
  const regions = target.classifyRegions();
  target.close();
  const text = await program!.ask(jdk, jvm, 'VM.native_memory detail');
  const tracked: Tracked = (...uses) => {
    const all = uses.map((use) => trackedMemory(text, use));
    return {
      reserved: joinRanges(all.flatMap(({ reserved }) => reserved)),
      committed: all.reduce((sum, { committed }) => sum + committed, 0),
    };
  };
  return { pid: jvm.pid, regions, tracked };
}

/** Expects `found` to fill the reserves, except for file mappings: the heap maps objects of an archive. */
function expectReserves(
  regions: readonly Region[],
  found: readonly Region[],
  reserved: readonly Range[],
): void {
  const files = regions.filter(({ kind }) => kind === 'file').flatMap((region) => partsIn(reserved, region));
  expect(joinRanges([...found, ...files])).toEqual(reserved);
}

function expectMetaspace(regions: readonly Region[], tracked: Tracked): void {
  const metaspace = regions.filter(({ kind }) => kind === 'metaspace');
  const usedFor = (use?: 'class-space'): Region[] => metaspace.filter(({ facts }) => facts.use === use);
  if (tracked('Metaspace').reserved.length > 0) {
    expectReserves(regions, usedFor(), tracked('Metaspace').reserved);
    expectReserves(regions, usedFor('class-space'), tracked('Class').reserved);
  } else {
    expectReserves(regions, metaspace, tracked('Class').reserved); // before JDK 17, Class included everything
  }
}

/** Expects readable memory to equal the committed, within 5 %: the JVM runs between the two readings. */
function expectCommitted(regions: readonly Region[], { reserved, committed }: ReturnType<Tracked>): void {
  const views = new Map<string, number>();
  for (const region of regions.filter(({ perms }) => perms.startsWith('r'))) {
    for (const { start, end } of partsIn(reserved, region)) {
      const isShared = region.inode !== 0n && region.kind !== 'file';
      views.set(isShared ? `${region.inode} ${region.offset}` : String(start), Number(end - start));
    }
  }
  const mapped = [...views.values()].reduce((sum, length) => sum + length, 0);
  expect(Math.abs(mapped - committed)).toBeLessThanOrEqual(0.05 * committed);
}

const partsIn = (ranges: readonly Range[], bounds: Range): Range[] =>
  ranges.flatMap((range) => intersect(range, bounds) ?? []);

const sumOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, { start, end }) => sum + Number(end - start), 0);

const rangeOf = ({ start, end }: Range): Range => ({ start, end });

import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { openTarget, type Range, type Region } from '../../src/index.ts';
import type { Memory } from '../../src/memory/memory.ts';
import type { Part } from '../../src/memory/parts.ts';
import { joinRanges } from '../../src/memory/ranges.ts';
import { parseMaps } from '../../src/proc/maps.ts';
import { hotspot } from '../../src/runtimes/hotspot/hotspot.ts';
import { liveView } from '../../src/targets/live-view.ts';
import { rangeAt } from '../fixtures/agreement.ts';
import { FakeJvm } from '../fixtures/fake-jvm.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { MIB, PAGE, type Puppet, startPuppet } from '../fixtures/puppet.ts';

const hotspotParts = (pid: number, regions: readonly Region[], memory: Memory): readonly Part[] =>
  hotspot.detect(liveView(pid, regions, memory))!.parts();

const folder = temporaryFolder();
const CANNOT_FOLLOW = process.getuid!() !== 0; // following links of map_files takes CAP_SYS_ADMIN

const HEAP = rangeAt(0x110_0000_0000n, 80 * MIB);
const CODE = rangeAt(0x120_0000_0000n, 4 * MIB);
const SEGMENTS = rangeAt(0x130_0000_0000n, 64 * PAGE);
const CARDS = rangeAt(0x140_0000_0000n, 80 * 512 * 4);

/** A fake JVM with the layout of JDK 8, since JDK 8 may not be installed. */
function jdk8(): { jvm: FakeJvm; library: Buffer; classes: Range; others: Range } {
  const jvm = new FakeJvm();
  const classes = rangeAt(jvm.memory.start + 0x10000n, 4 * PAGE);
  const others = rangeAt(classes.end, 4 * PAGE);
  const words = ({ start, end }: Range): bigint[] => [start, (end - start) / 8n];
  const node = (next: bigint, range: Range): bigint =>
    jvm.object(next, ...words(range), range.start, range.end - range.start);
  const spaceManager = (range: Range): bigint =>
    jvm.object(0n, 0n, jvm.object(0n, 0n, 0n, 0n, 0n, node(0n, range)));
  const loader = jvm.object(0n, 0n, jvm.object(spaceManager(others), spaceManager(classes)));
  const cards = jvm.object(0n, ...words(HEAP), CARDS.start, CARDS.end - CARDS.start);
  const heap = jvm.object(0n, ...words(HEAP), cards);
  const codeHeap = jvm.object(0n, CODE.start, CODE.end, SEGMENTS.start, SEGMENTS.end);

  // Klasses: layout, super, subklass, next sibling, loader, constants.
  const tables = jvm.library(
    [
      ['Universe::_collectedHeap', { value: heap }],
      ['CollectedHeap::_reserved', { offset: 8 }],
      ['CollectedHeap::_barrier_set', { offset: 24 }],
      ['MemRegion::_start', { offset: 0 }],
      ['MemRegion::_word_size', { offset: 8 }],
      ['CardTableModRefBS::_whole_heap', { offset: 8 }],
      ['CardTableModRefBS::_byte_map', { offset: 24 }],
      ['CardTableModRefBS::_byte_map_size', { offset: 32 }],
      ['CodeCache::_heap', { value: codeHeap }],
      ['CodeHeap::_memory', { offset: 8 }],
      ['CodeHeap::_segmap', { offset: 24 }],
      ['VirtualSpace::_low_boundary', { offset: 0 }],
      ['VirtualSpace::_high_boundary', { offset: 8 }],
      ['Universe::_boolArrayKlassObj', { value: classes.start }],
      ['Klass::_layout_helper', { offset: 0 }],
      ['Klass::_super', { offset: 8 }],
      ['Klass::_subklass', { offset: 16 }],
      ['Klass::_next_sibling', { offset: 24 }],
      ['InstanceKlass::_class_loader_data', { offset: 32 }],
      ['InstanceKlass::_constants', { offset: 40 }],
    ],
    'UseConcMarkSweepGC',
  );
  jvm.seek(classes.start);
  const object = classes.start + 256n;
  jvm.object(0xffff_ffffn, object, 0n, 0n, loader);
  jvm.object(16n, 0n, object + 256n, 0n, loader, others.start);
  jvm.object(16n, object, 0n, object, loader, others.start + 8n); // its sibling is its own super: a loop
  return { jvm, library: tables, classes, others };
}

async function startJdk8(
  name: string,
): Promise<{ puppet: Puppet; path: string; jdk: ReturnType<typeof jdk8> }> {
  const puppet = await startPuppet();
  const jdk = jdk8();
  await puppet.map(Number(HEAP.end - HEAP.start), { at: HEAP.start });
  await puppet.map(Number(CODE.end - CODE.start), { at: CODE.start, prot: 'rwx' });
  await puppet.map(Number(SEGMENTS.end - SEGMENTS.start), { at: SEGMENTS.start });
  await puppet.map(Number(CARDS.end - CARDS.start), { at: CARDS.start });
  const path = await jdk.jvm.install(puppet, join(folder, name), jdk.library);
  return { puppet, path, jdk };
}

const jvmRegions = (regions: readonly Region[]): object[] =>
  regions
    .filter(({ kind }) => ['java-heap', 'code-cache', 'metaspace', 'jvm'].includes(kind))
    .map(({ start, end, kind, facts }) => ({ start, end, kind, facts }));

const expected = ({ classes, others }: ReturnType<typeof jdk8>): object[] => [
  { ...classes, kind: 'metaspace', facts: { use: 'class-space' } },
  { ...others, kind: 'metaspace', facts: {} },
  { ...HEAP, kind: 'java-heap', facts: { collector: 'CMS' } },
  { ...CODE, kind: 'code-cache', facts: {} },
  { ...SEGMENTS, kind: 'jvm', facts: { use: 'code-cache-segment-map' } },
  { ...CARDS, kind: 'jvm', facts: { use: 'card-table' } },
];

async function regionsOf(puppet: Puppet): Promise<readonly Region[]> {
  const target = await openTarget(puppet.pid);
  try {
    return target.classifyRegions();
  } finally {
    target.close();
  }
}

describe('regions of a process with a libjvm.so', () => {
  it('are found by the tables of JDK 8', async () => {
    const { puppet, jdk } = await startJdk8('whole');
    expect(jvmRegions(await regionsOf(puppet))).toEqual(expected(jdk));
  });

  it.skipIf(CANNOT_FOLLOW)('are found by the tables of a deleted file', async () => {
    const { puppet, path, jdk } = await startJdk8('deleted');
    unlinkSync(path);
    expect(jvmRegions(await regionsOf(puppet))).toEqual(expected(jdk));
  });

  it('are guessed if the tables are not resident', async () => {
    const { puppet, jdk } = await startJdk8('absent');
    await puppet.unmap(jdk.jvm.memory.start, jdk.jvm.bytes.length);
    expect(jvmRegions(await regionsOf(puppet))).toEqual([
      { ...CODE, kind: 'code-cache', facts: { isGuess: true } },
    ]);
  });

  it('are not a JVM’s if there is no libjvm.so', async () => {
    const puppet = await startPuppet();
    const regions = await regionsOf(puppet);
    const memory = { read: () => Buffer.alloc(PAGE) };
    expect(hotspot.detect(liveView(puppet.pid, regions, memory))).toBeUndefined();
  });

  it('are found without an error and with bounded reads in forged tables', async () => {
    const { puppet, jdk } = await startJdk8('lies');
    const regions = parseMaps(readFileSync(`/proc/${puppet.pid}/maps`, 'utf8'), () => false);
    const { start } = jdk.jvm.memory;
    const used = jdk.jvm.bytes.length / 8;
    const pointer = fc.nat(used - 1).map((word) => start + 8n * BigInt(word));
    const value = fc.oneof(
      { weight: 4, arbitrary: pointer },
      { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 8n, 0xffffn, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n) },
      { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
    );
    const lie = fc.record({ word: fc.nat(), value });
    const isUsed = Array.from({ length: used }, (_, i) => i).filter(
      (i) => jdk.jvm.bytes.readBigUInt64LE(8 * i) !== 0n,
    );
    let told = 0;
    fc.assert(
      fc.property(fc.array(lie, { minLength: 1, maxLength: 12 }), (lies) => {
        const bytes = Buffer.from(jdk.jvm.bytes);
        for (const { word, value } of lies) bytes.writeBigUInt64LE(value, 8 * isUsed[word % isUsed.length]!);
        let reads = 0;
        const parts = hotspotParts(puppet.pid, regions, {
          read(address, length) {
            reads++;
            const at = Number(address - start);
            return at >= 0 && at + length <= bytes.length ? bytes.subarray(at, at + length) : undefined;
          },
        });
        expect(reads).toBeLessThan(20_000);
        const mapped = joinRanges(regions);
        told += parts.length;
        for (const part of parts) {
          expect(part.start < part.end).toBe(true);
          expect(mapped.some(({ start, end }) => start <= part.start && part.end <= end)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(told).toBeGreaterThan(500);
  });
});

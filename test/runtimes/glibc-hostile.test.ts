import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Memory } from '../../src/memory/memory.ts';
import type { Part } from '../../src/memory/parts.ts';
import type { Region } from '../../src/memory/region.ts';
import { glibcParts } from '../../src/runtimes/glibc/glibc.ts';
import { HEAP_MAX, Image, LAYOUTS, textsOf } from '../fixtures/malloc-image.ts';
import { regionOf } from '../fixtures/regions.ts';

const BASE = 0x7f00_0000_0000n;
const HEAPS = 6;
const heap = (number: number): bigint => BASE + BigInt(number) * HEAP_MAX;
const DATA = 0x7fff_0000_0000n;
const MAIN = DATA + 0x1c60n;
const LIBC = regionOf(DATA, 0x4000n, { kind: 'file', inode: 7n, dev: 'fe:00', pathname: '/lib/libc.so.6' });
const NEWER = LAYOUTS[2];

/** Slots for heaps: the first `heaps` of them hold one arena each, or all the same; the next hold what malloc maps. */
const truth = fc.record({
  slots: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
  heaps: fc.nat(HEAPS),
  isOneArena: fc.boolean(),
  layout: fc.constantFrom(...LAYOUTS),
});

function writeTruth(
  image: Image,
  { slots, heaps, isOneArena, layout }: typeof truth extends fc.Arbitrary<infer T> ? T : never,
): void {
  const starts = slots.slice(0, heaps).map(heap);
  if (isOneArena && starts.length > 0) image.writeArena(layout, starts, MAIN);
  else for (const start of starts) image.writeArena(layout, [start], MAIN);
  const [mapped, piece] = slots.slice(heaps).map(heap);
  if (mapped !== undefined) image.write(mapped, 0n, 0x3002n);
  if (mapped !== undefined) image.write(mapped + 0x3000n, 0n, 0x1002n);
  if (piece !== undefined) writePiece(image, piece);
  image.writeState(MAIN, layout, piece ?? DATA, MAIN, { flags: 2n });
}

function writePiece(image: Image, start: bigint): void {
  image.write(start, 0n, 0x401n);
  image.write(start + 0x400n, 0n, 0xbe1n);
  image.write(start + 0xfe0n, 0n, 0x11n, 0n, 0x11n);
}

/** Forged values: start addresses of heaps, and numbers at all limits. */
const start = fc.integer({ min: -1, max: HEAPS }).map(heap);
const word = fc.oneof(
  start,
  fc
    .tuple(start, fc.constantFrom(0x10n, 0x20n, 0x30n, 0x38n, 0x400n))
    .map(([start, offset]) => start + offset),
  fc.constantFrom(
    0n,
    1n,
    0x10n,
    0x11n,
    0x21n,
    0x401n,
    0x1000n,
    0x1002n,
    2n ** 63n,
    (2n ** 63n) | 2n,
    2n ** 64n - 1n,
  ),
  fc.constantFrom(HEAP_MAX, HEAP_MAX | 1n, HEAP_MAX | 2n, HEAP_MAX + 0x1000n, MAIN),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);
const offset = fc.oneof(
  fc.constantFrom(0n, 8n, 16n, 24n, 32n, 0x408n, 0xfe8n, 0xff8n, 0x3008n),
  fc.constantFrom(...LAYOUTS.map(({ state, top }) => state + top)),
  fc.nat(300).map((number) => BigInt(number * 8)),
);
const lies = fc.array(fc.tuple(fc.oneof({ weight: 5, arbitrary: start }, fc.constant(MAIN)), offset, word), {
  maxLength: 5,
});

/** Whether the image links the heap at `start` to the first heap of its arena. */
function isHeapOf(image: Image, start: bigint): boolean {
  const arena = image.read(start, 8)!.readBigUInt64LE(0);
  const seen = new Set<bigint>();
  for (let at = start; !seen.has(at);) {
    seen.add(at);
    const words = image.read(at, 16);
    if (!words) return true; // not resident: it may be a heap
    if (words.readBigUInt64LE(0) !== arena) return false;
    const prev = words.readBigUInt64LE(8);
    if (prev === 0n) return arena - at === 0x30n || arena - at === 0x20n;
    at = prev;
  }
  return false;
}

function expectSound(parts: readonly Part[], regions: readonly Region[], image: Image): void {
  const ordered = parts.toSorted((a, b) => (a.start < b.start ? -1 : 1));
  for (const [i, part] of ordered.entries()) {
    expect(part.start).toBeLessThan(part.end);
    expect(ordered[i + 1]?.start ?? part.end).toBeGreaterThanOrEqual(part.end);
    expect(regions.some(({ start, end }) => start <= part.start && part.end <= end)).toBe(true);
    if (part.kind === 'arena' && typeof part.facts.arena === 'number')
      expect(isHeapOf(image, part.start)).toBe(true);
  }
}

describe('a target that forges malloc’s bookkeeping', () => {
  it('gets only parts that its memory supports', () => {
    let found = 0;
    fc.assert(
      fc.property(truth, lies, fc.array(start, { maxLength: 1 }), (truth, lies, swappedOut) => {
        const image = new Image();
        writeTruth(image, truth);
        for (const [start, offset, word] of lies) image.write(start + offset, word);
        for (const start of swappedOut) image.forget(start);
        const regions = [regionOf(BASE, HEAP_MAX * BigInt(HEAPS)), LIBC];
        const parts = glibcParts(regions, image);
        expect(image.reads).toBeLessThan(300);
        expect(image.longest).toBeLessThanOrEqual(4096);
        expectSound(parts, regions, image);
        found += parts.length;
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(2000);
  });

  it('is not followed through a ring of heaps', () => {
    const image = new Image();
    const arena = image.writeArena(NEWER, [heap(0)]);
    for (const [start, prev] of [
      [1, 3],
      [2, 1],
      [3, 2],
      [4, 0],
    ] as const) {
      image.writeHeap(heap(start), arena, heap(prev));
    }
    expect(textsOf(glibcParts([regionOf(BASE, HEAP_MAX * 8n)], image))).toEqual([
      'arena 1 7f0000000000 135168',
      'arena 1 7f0010000000 135168',
    ]);
  });

  it.each([
    ['chunks with a mapping', 0x1002n],
    ['chunks', 0x21n],
    ['zeros', 0n],
  ])('is not followed without end: %s', (_, size) => {
    const image = new Image();
    image.writeState(MAIN, NEWER, BASE, MAIN, { flags: 2n });
    const endless = new Endless(image, size);
    const parts = glibcParts([regionOf(BASE, DATA - BASE), LIBC], endless);
    expect(parts.length).toBeLessThan(70_000);
    expect(endless.reads).toBeLessThan(160_000);
  });

  it('cannot hide an arena behind a large reserve', () => {
    const image = new Image();
    image.writeArena(NEWER, [DATA]);
    const regions = [regionOf(DATA - 2n ** 41n, 2n ** 40n + HEAP_MAX), regionOf(DATA, HEAP_MAX)];
    expect(textsOf(glibcParts(regions, image))).toEqual(['arena 1 7fff00000000 135168']);
  });

  it('costs one read per region and per possible heap', () => {
    const image = new Image();
    const regions = Array.from({ length: 20_000 }, (_, i) =>
      regionOf(BASE + BigInt(i) * 0x1000_0000n, 0x1000n),
    );
    const wide = regionOf(DATA, HEAP_MAX * 100n);
    expect(glibcParts([...regions, wide], image)).toEqual([]);
    expect(image.reads).toBeLessThanOrEqual(2 * 20_000 + 101);
  });
});

/** Terabytes of one repeated header, except for the pages of an image. */
class Endless implements Memory {
  reads = 0;

  constructor(
    private readonly image: Image,
    private readonly size: bigint,
  ) {}

  read(address: bigint, length: number): Buffer {
    this.reads++;
    const bytes = Buffer.alloc(Math.ceil(length / 16) * 16);
    for (let at = 8; at < bytes.length; at += 16) bytes.writeBigUInt64LE(this.size, at);
    return this.image.read(address, length) ?? bytes;
  }
}

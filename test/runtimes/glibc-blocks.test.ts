import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PagedMemory } from '../../src/memory/paged-memory.ts';
import type { Region } from '../../src/memory/region.ts';
import { blockAround } from '../../src/runtimes/glibc/blocks.ts';
import { anonymous, FakeMemory } from '../fixtures/fake-memory.ts';

/** A reader without a limit. */
const paged = (memory: FakeMemory): PagedMemory =>
  new PagedMemory(memory, { pages: Infinity, reads: Infinity });

const START = 0x5555_0000_0000n;
const NON_MAIN_ARENA = 4n;

interface Chunk {
  readonly size: number;
  readonly isFree: boolean;
}

const chunk = fc.record({
  size: fc
    .oneof({ weight: 8, arbitrary: fc.integer({ min: 2, max: 40 }) }, fc.integer({ min: 2, max: 4000 }))
    .map((units) => 16 * units),
  isFree: fc.nat(4).map((number) => number === 0),
});

/** Adjacent malloc chunks as glibc makes them: no two free ones are neighbours, and the top chunk is last. */
function heapOf(
  chunks: readonly Chunk[],
  isMain: boolean,
): { memory: FakeMemory; region: Region; starts: bigint[] } {
  const memory = new FakeMemory();
  const starts: bigint[] = [];
  let at = START;
  let before = 0;
  const put = (size: number, flags: bigint): void => {
    memory.writeWords(at, {
      ...(before && { 0: BigInt(before) }),
      8: BigInt(size) | flags | (before ? 0n : 1n),
    });
    starts.push(at);
    at += BigInt(size);
  };
  for (const { size, isFree } of chunks) {
    const becomesFree = isFree && before === 0;
    put(size, isMain || becomesFree ? 0n : NON_MAIN_ARENA);
    before = becomesFree ? size : 0;
  }
  const pages = Number((at - START) / 4096n) + 2;
  put(pages * 4096 - Number(at - START), 0n);
  const facts = { arena: isMain ? ('main' as const) : 3 };
  return { memory, region: anonymous(START, pages, { kind: isMain ? 'heap' : 'arena', facts }), starts };
}

describe('blockAround', () => {
  it('returns the malloc chunk that holds an address', () => {
    fc.assert(
      fc.property(
        fc.array(chunk, { minLength: 8, maxLength: 60, size: 'max' }),
        fc.boolean(),
        fc.nat(),
        (chunks, isMain, choice) => {
          const { memory, region, starts } = heapOf(chunks, isMain);
          const index = 4 + (choice % (starts.length - 5));
          const [start, end] = [starts[index]!, starts[index + 1]!];
          for (const address of [start + 16n, (start + end) / 2n + 8n, end + 7n]) {
            expect(blockAround(address, region, paged(memory))).toEqual({ start, end });
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  const word = fc.oneof(
    fc.bigInt({ min: 0n, max: 0x400n }),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.constantFrom(0x21n, 0x20n, 0x11n, 0xffn << 56n, 0x1000n, 0x7ffff1n),
  );

  /** Returns whether a block was found: in the region, around the address. */
  function expectSound(address: bigint, region: Region, memory: FakeMemory): boolean {
    const block = blockAround(address, region, paged(memory));
    expect(memory.reads).toBeLessThan(150);
    if (!block) return false;
    expect(block.start >= region.start && block.start < address).toBe(true);
    expect(block.end <= region.end && block.end + 8n > address).toBe(true);
    return true;
  }

  it('stays in the region and reads a bounded amount, whatever the target has forged', () => {
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 2000, size: 'max' }),
        fc.nat(),
        fc.boolean(),
        (words, at, isMain) => {
          const memory = new FakeMemory();
          memory.writeWords(START, Object.fromEntries(words.map((value, i) => [8 * i, value])));
          const kind = isMain
            ? ({ kind: 'heap', facts: { arena: 'main' } } as const)
            : ({ kind: 'arena', facts: { arena: 1 } } as const);
          expectSound(START + BigInt(at % (300 * 4096)), anonymous(START, 300, kind), memory);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('does so where some headers of a heap are forged', () => {
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(chunk, { minLength: 8, maxLength: 60, size: 'max' }),
        fc.boolean(),
        fc.array(fc.tuple(fc.nat(), word), { maxLength: 4 }),
        fc.nat(),
        (chunks, isMain, lies, at) => {
          const { memory, region, starts } = heapOf(chunks, isMain);
          for (const [choice, value] of lies)
            memory.writeWords(starts[choice % starts.length]!, { 8: value });
          const size = Number(region.end - region.start);
          if (expectSound(START + BigInt(at % size), region, memory)) found++;
        },
      ),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(30);
  });

  it('returns a mapping that begins with its header', () => {
    const region = anonymous(START, 40, { kind: 'mmap-chunk' });
    const memory = new FakeMemory();
    memory.writeWords(START, { 0: 0n, 8: BigInt(40 * 4096) | 2n });
    expect(blockAround(START + 50_000n, region, paged(memory))).toEqual({
      start: region.start,
      end: region.end,
    });
    memory.writeWords(START, { 8: BigInt(41 * 4096) | 2n });
    expect(blockAround(START + 50_000n, region, paged(memory))).toBeUndefined();
  });

  it('returns nothing in memory that is not malloc’s', () => {
    for (const kind of ['anon', 'java-heap', 'heap', 'stack'] as const) {
      const { memory, region, starts } = heapOf(Array(9).fill({ size: 64, isFree: false }), true);
      expect(blockAround(starts[6]! + 20n, { ...region, kind, facts: {} }, paged(memory))).toBeUndefined();
    }
  });
});

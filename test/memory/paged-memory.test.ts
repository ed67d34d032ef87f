import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PagedMemory } from '../../src/memory/paged-memory.ts';
import { FakeMemory } from '../fixtures/fake-memory.ts';
import { PAGE } from '../fixtures/puppet.ts';

const START = 0x7f00_0000_0000n;
const PAGES = 6;

/** Pages whose words encode their page and index. Pages in `missing` are not resident. */
function memoryWithout(missing: readonly number[]): FakeMemory {
  const memory = new FakeMemory();
  for (let page = 0; page < PAGES; page++) {
    if (missing.includes(page)) continue;
    const words = Array.from({ length: PAGE / 8 }, (_, i) => [8 * i, BigInt(page * 1000 + i)] as const);
    memory.writeWords(START + BigInt(page * PAGE), Object.fromEntries(words));
  }
  return memory;
}

describe('PagedMemory', () => {
  it('returns the memory’s bytes, wherever a piece begins and ends', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(PAGES - 1), { maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(PAGES * PAGE), fc.integer({ min: 1, max: 3 * PAGE })), { minLength: 1 }),
        (missing, pieces) => {
          const memory = memoryWithout(missing);
          const paged = new PagedMemory(memory, { pages: Infinity, reads: Infinity });
          for (const [offset, length] of pieces) {
            const address = START + BigInt(offset);
            expect(paged.read(address, length)).toEqual(memory.read(address, length));
            const expected = Buffer.alloc(length);
            for (let i = 0; i < length; i++) memory.read(address + BigInt(i), 1)?.copy(expected, i);
            expect(paged.readOrZeros(address, length).equals(expected)).toBe(true);
            expect(paged.word(address)).toEqual(memory.read(address, 8)?.readBigUInt64LE());
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('reads each page once', () => {
    const memory = memoryWithout([3]);
    const paged = new PagedMemory(memory, { pages: Infinity, reads: Infinity });
    for (let i = 0; i < 100; i++) {
      paged.read(START + BigInt(i), PAGE);
      paged.word(START + BigInt(3 * PAGE + 8 * i));
    }
    expect(memory.reads).toBe(3);
  });

  it('returns only cached pages once its pages are spent', () => {
    const paged = new PagedMemory(memoryWithout([]), { pages: 2, reads: Infinity });
    expect(paged.read(START, 2 * PAGE)).toHaveLength(2 * PAGE);
    expect(paged.word(START + BigInt(2 * PAGE))).toBeUndefined();
    expect(paged.word(START + BigInt(PAGE))).toBe(1000n);
  });

  it('ends a walk in circles when its reads are spent', () => {
    const memory = new FakeMemory();
    memory.writeWords(START, { 0: START });
    const paged = new PagedMemory(memory, { pages: 10, reads: 1000 });
    let steps = 0;
    for (let at: bigint | undefined = START; at !== undefined; at = paged.word(at)) steps++;
    expect(steps).toBe(1001);
    expect(paged.read(START, 1)).toBeUndefined();
  });

  it('counts reads where no program has memory', () => {
    const paged = new PagedMemory(new FakeMemory(), { pages: 10, reads: 100 });
    for (let i = 0; i < 50; i++) {
      paged.word(2n ** 63n);
      paged.read(-1n, 8);
    }
    expect(paged.read(START, 1)).toBeUndefined();
  });

  it('returns the words up to the end of a page if the next page is missing', () => {
    const paged = new PagedMemory(memoryWithout([1]), { pages: Infinity, reads: Infinity });
    expect(paged.words(START + BigInt(PAGE - 16), 4)).toEqual([510n, 511n]);
    expect(paged.words(START + BigInt(2 * PAGE - 16), 4)).toEqual([]);
    expect(paged.words(START + BigInt(2 * PAGE), 3)).toEqual([2000n, 2001n, 2002n]);
  });

  it('returns nothing outside of user space', () => {
    const paged = new PagedMemory(memoryWithout([]), { pages: Infinity, reads: Infinity });
    expect(paged.read(2n ** 63n, 8)).toBeUndefined();
    expect(paged.word(-8n)).toBeUndefined();
  });
});

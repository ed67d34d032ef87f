import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Range } from '../../src/memory/ranges.ts';
import { type Region, REGION_KINDS } from '../../src/memory/region.ts';
import type { Residency } from '../../src/memory/residency.ts';
import { inRanges, type Usage, usageByKind, usageOf } from '../../src/memory/usage.ts';
import { regionOf } from '../fixtures/regions.ts';

const KIB = 1024;
const region = (start: number, end: number, kind: Region['kind'] = 'anon'): Region =>
  regionOf(BigInt(start), BigInt(end - start), { kind });

const residency = (resident: number, more: Partial<Residency> = {}): Residency => ({
  resident,
  copied: 0,
  again: 0,
  swapped: 0,
  ...more,
});

describe('usageOf', () => {
  it('is of each region what is in memory of it', () => {
    const regions = [region(0, 64 * KIB), region(64 * KIB, 128 * KIB, 'shared')];
    const usages = usageOf(regions, [
      residency(16 * KIB, { swapped: 4 * KIB }),
      residency(32 * KIB, { again: 8 * KIB, copied: 8 * KIB }),
    ]);
    expect(usages).toEqual([
      { region: regions[0], kind: 'anon', size: 64 * KIB, resident: 16 * KIB, again: 0, swapped: 4 * KIB },
      { region: regions[1], kind: 'shared', size: 64 * KIB, resident: 32 * KIB, again: 8 * KIB, swapped: 0 },
    ]);
  });

  it("splits a file's mapping into pages of the file and pages that the process has written to", () => {
    const file = region(0, 100 * KIB, 'file');
    const [pages, data, ...more] = usageOf(
      [file],
      [residency(40 * KIB, { copied: 12 * KIB, again: 4 * KIB, swapped: 8 * KIB })],
    );
    expect(pages).toEqual({
      region: file,
      kind: 'file',
      size: 80 * KIB,
      resident: 28 * KIB,
      again: 4 * KIB,
      swapped: 0,
    });
    expect(data).toEqual({
      region: file,
      kind: 'file-data',
      size: 20 * KIB,
      resident: 12 * KIB,
      again: 0,
      swapped: 8 * KIB,
    });
    expect(more).toEqual([]);
  });

  it.each([
    ['none is written to', {}, ['file']],
    ['all are', { copied: 8 * KIB }, ['file-data']],
    ['all were, and are swapped', { copied: 4 * KIB, swapped: 4 * KIB }, ['file-data']],
    ['some are', { copied: 4 * KIB }, ['file', 'file-data']],
  ])('leaves out what there is nothing of: pages of which %s', (_, more, kinds) => {
    const usages = usageOf([region(0, 8 * KIB, 'file')], [residency(8 * KIB, more)]);
    expect(usages.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('of no regions is nothing', () => {
    expect(usageOf([], [])).toEqual([]);
  });
});

describe('usageByKind', () => {
  const usage = (kind: Region['kind'], resident: number, more: Partial<Usage> = {}): Usage => ({
    region: region(0, 100 * KIB, kind),
    kind,
    size: 100 * KIB,
    resident,
    again: 0,
    swapped: 0,
    ...more,
  });

  it('adds up, and counts memory that is mapped several times once', () => {
    const sums = usageByKind([
      usage('shared', 10 * KIB),
      usage('heap', 8 * KIB, { swapped: 4 * KIB }),
      usage('shared', 10 * KIB, { again: 10 * KIB }),
      usage('shared', 6 * KIB, { again: 2 * KIB, swapped: 1 * KIB }),
    ]);
    expect(sums).toEqual([
      { kind: 'shared', count: 3, size: 300 * KIB, resident: 14 * KIB, swapped: 1 * KIB },
      { kind: 'heap', count: 1, size: 100 * KIB, resident: 8 * KIB, swapped: 4 * KIB },
    ]);
  });

  it('has the kind with most in memory first, then the largest', () => {
    const sums = usageByKind([
      usage('anon', 0),
      usage('heap', 4 * KIB),
      usage('stack', 0, { size: 200 * KIB }),
      usage('arena', 8 * KIB),
    ]);
    expect(sums.map(({ kind }) => kind)).toEqual(['arena', 'heap', 'stack', 'anon']);
  });

  it('loses no byte', () => {
    const any = fc
      .record({
        kind: fc.constantFrom(...REGION_KINDS),
        resident: fc.nat(1000),
        again: fc.nat(1000),
        swapped: fc.nat(9),
      })
      .map(({ kind, resident, again, swapped }) =>
        usage(kind, resident, { again: Math.min(again, resident), swapped }),
      );
    fc.assert(
      fc.property(fc.array(any), (usages) => {
        const sums = usageByKind(usages);
        const total = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
          items.reduce((sum, item) => sum + of(item), 0);
        expect(total(sums, ({ count }) => count)).toBe(usages.length);
        expect(total(sums, ({ size }) => size)).toBe(total(usages, ({ size }) => size));
        expect(total(sums, ({ resident }) => resident)).toBe(
          total(usages, ({ resident, again }) => resident - again),
        );
        expect(total(sums, ({ swapped }) => swapped)).toBe(total(usages, ({ swapped }) => swapped));
        expect(new Set(sums.map(({ kind }) => kind)).size).toBe(sums.length);
      }),
    );
  });
});

describe('inRanges', () => {
  const range = (start: number, end: number): Range => ({ start: BigInt(start), end: BigInt(end) });

  it('is of every region where there are no ranges', () => {
    expect(inRanges([])(region(0, 1))).toBe(true);
  });

  it.each([
    [0, 10, false],
    [0, 11, true],
    [10, 20, true],
    [12, 13, true],
    [19, 30, true],
    [20, 30, false],
    [0, 100, true],
  ])('is of a region from %i to %i, with a range from 10 to 20: %s', (start, end, expected) => {
    expect(inRanges([range(10, 20)])(region(start, end))).toBe(expected);
  });

  it('is of a region that any of the ranges has a byte of, however they lie', () => {
    const ranges = fc.array(
      fc
        .tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }))
        .map(([start, length]) => range(start, start + length)),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(ranges, fc.nat(80), fc.integer({ min: 1, max: 20 }), (list, start, length) => {
        const bytes = Array.from({ length }, (_, i) => BigInt(start + i));
        const expected = bytes.some((byte) => list.some((one) => one.start <= byte && byte < one.end));
        expect(inRanges(list)(region(start, start + length))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});

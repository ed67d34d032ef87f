import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { applyParts, type Part } from '../../src/memory/parts.ts';
import { type Region, REGION_KINDS, type RegionKind } from '../../src/memory/region.ts';
import { addon } from '../../src/native/addon.ts';
import { regionOf } from '../fixtures/regions.ts';

const PAGE = BigInt(addon.pageSize);
const pages = (count: number): bigint => BigInt(count) * PAGE;

const region = (begin: number, end: number, fields: Partial<Region> = {}): Region =>
  regionOf(pages(begin), pages(end - begin), fields);

/** Begins and ends so many pages after address 0: half of one, too. */
const part = (begin: number, end: number, kind: RegionKind, arena?: number): Part => ({
  start: BigInt(begin * addon.pageSize),
  end: BigInt(end * addon.pageSize),
  kind,
  facts: arena === undefined ? {} : { arena },
});

/** Kind, and the only fact that parts have here. */
const labelOf = ({ kind, facts }: Part | Region): string => `${kind} ${facts.arena ?? ''}`.trim();

/** As `begin-end kind arena`, in pages. */
const textsOf = (regions: readonly Region[]): string[] =>
  regions.map((region) => `${region.start / PAGE}-${region.end / PAGE} ${labelOf(region)}`);

const applied = (regions: readonly Region[], ...lists: Part[][]): string[] =>
  textsOf(applyParts(regions, lists));

describe('a region', () => {
  it('is cut where parts of it begin and end', () => {
    expect(applied([region(0, 10)], [part(2, 4, 'arena', 1), part(6, 8, 'thread-stack', 7)])).toEqual([
      '0-2 anon',
      '2-4 arena 1',
      '4-6 anon',
      '6-8 thread-stack 7',
      '8-10 anon',
    ]);
  });

  it('is cut by as many parts as a hostile core has threads', () => {
    const count = 200_000;
    const parts = Array.from({ length: count }, (_, i) => part(2 * i, 2 * i + 1, 'thread-stack', i + 1));
    expect(applyParts([region(0, 2 * count)], [parts])).toHaveLength(2 * count);
  });

  it('is of another kind where a part holds all of it, and beyond', () => {
    expect(applied([region(2, 4), region(4, 6), region(8, 9)], [part(0, 20, 'java-heap')])).toEqual([
      '2-4 java-heap',
      '4-6 java-heap',
      '8-9 java-heap',
    ]);
  });

  it('that no part touches is the same object', () => {
    const regions = [region(0, 2), region(4, 6)];
    const result = applyParts(regions, [[part(2, 4, 'arena'), part(6, 9, 'arena')]]);
    expect(result).toEqual(regions);
    expect(result.every((piece, i) => piece === regions[i])).toBe(true);
    expect(applyParts(regions, [])).toEqual(regions);
  });

  it('keeps its fields, and pieces of a mapping have offsets of their own', () => {
    const mapped = { dev: 'fd:01', inode: 7n, pathname: '/x', offset: pages(100), kind: 'shared' } as const;
    const pieces = applyParts([region(0, 4, mapped)], [[part(1, 2, 'jit')]]);
    expect(pieces).toEqual([
      region(0, 1, mapped),
      region(1, 2, { ...mapped, offset: pages(101), kind: 'jit' }),
      region(2, 4, { ...mapped, offset: pages(102) }),
    ]);
    const [, anonymous] = applyParts([region(0, 4)], [[part(1, 2, 'jit')]]);
    expect(anonymous!.offset).toBe(0n);
  });
});

describe('only whole pages of a part', () => {
  it('count', () => {
    expect(applied([region(0, 9)], [part(1.5, 3.5, 'arena'), part(5.25, 5.75, 'jit')])).toEqual([
      '0-2 anon',
      '2-3 arena',
      '3-9 anon',
    ]);
  });

  it('keep those of another list from counting', () => {
    expect(applied([region(0, 4)], [part(0.5, 2, 'arena')], [part(0, 4, 'jit')])).toEqual([
      '0-1 jit',
      '1-2 arena',
      '2-4 jit',
    ]);
  });
});

describe('where parts overlap', () => {
  it('that of the first list counts, and what it leaves is of the next', () => {
    expect(
      applied([region(0, 10)], [part(4, 6, 'arena')], [part(2, 8, 'java-heap')], [part(0, 10, 'jit')]),
    ).toEqual(['0-2 jit', '2-4 java-heap', '4-6 arena', '6-8 java-heap', '8-10 jit']);
  });

  it('in one list, that which begins first counts, whatever their order', () => {
    const expected = ['0-1 anon', '1-5 arena 1', '5-7 arena 2', '7-9 anon'];
    const [first, second, inner] = [part(1, 5, 'arena', 1), part(3, 7, 'arena', 2), part(4, 6, 'arena', 3)];
    expect(applied([region(0, 9)], [first, second, inner])).toEqual(expected);
    expect(applied([region(0, 9)], [inner, second, first])).toEqual(expected);
  });
});

describe('a kind', () => {
  it.each(REGION_KINDS)('%s is given up only where it is vague', (kind) => {
    const isVague = ['anon', 'heap', 'shared'].includes(kind);
    const whole = region(0, 2, { kind });
    expect(applied([whole], [part(0, 1, 'arena')])).toEqual(
      isVague ? ['0-1 arena', `1-2 ${kind}`] : [`0-2 ${kind}`],
    );
  });

  it('of a file is given up for a Java heap only, which another part may shorten', () => {
    const file = region(0, 4, { kind: 'file', dev: 'fd:01', pathname: '/classes.jsa' });
    expect(applied([file], [part(0, 2, 'metaspace'), part(2, 3, 'java-heap')])).toEqual([
      '0-2 file',
      '2-3 java-heap',
      '3-4 file',
    ]);
    expect(applied([file], [part(0, 2, 'arena')], [part(0, 4, 'java-heap')])).toEqual([
      '0-2 file',
      '2-4 java-heap',
    ]);
  });
});

describe('any parts', () => {
  const kinds = fc.constantFrom<RegionKind>('arena', 'java-heap', 'jit', 'thread-stack');
  const parts = fc.array(
    fc
      .tuple(fc.nat(160), fc.integer({ min: 1, max: 48 }), kinds, fc.nat(2))
      .map(([begin, length, kind, arena]) => part(begin / 4, (begin + length) / 4, kind, arena)),
    { maxLength: 12 },
  );
  const regions = fc
    .array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 8 }), fc.constantFrom(...REGION_KINDS)), {
      maxLength: 10,
    })
    .map((list) => {
      let at = 0;
      return list.map(([gap, length, kind]) => {
        at += gap + length;
        return region(at - length, at, { kind });
      });
    });

  /** Page by page, for one page. */
  function expectedOn(page: number, region: Region, lists: readonly Part[][]): string {
    const start = (one: Part): number => Math.ceil(Number(one.start) / addon.pageSize);
    const holding = lists
      .map((list) => list.filter((one) => start(one) <= page && one.end >= pages(page + 1)))
      .find((list) => list.length > 0);
    const first = holding?.reduce((best, one) => (start(one) < start(best) ? one : best));
    const counts =
      first &&
      (['anon', 'heap', 'shared'].includes(region.kind) ||
        (region.kind === 'file' && first.kind === 'java-heap'));
    return labelOf(counts ? first : region);
  }

  it('give each page its kind, and no address is lost or added', () => {
    fc.assert(
      fc.property(regions, fc.array(parts, { maxLength: 4 }), (whole, lists) => {
        const pieces = applyParts(whole, lists);
        const pagesOf = (list: readonly Region[]) =>
          list.flatMap((one) =>
            Array.from({ length: Number((one.end - one.start) / PAGE) }, (_, i) => ({
              page: Number(one.start / PAGE) + i,
              one,
            })),
          );
        expect(pagesOf(pieces).map(({ page, one }) => `${page} ${labelOf(one)}`)).toEqual(
          pagesOf(whole).map(({ page, one }) => `${page} ${expectedOn(page, one, lists)}`),
        );
        for (const { start, end } of pieces) expect(start).toBeLessThan(end);
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Piece } from '../../src/dump/copy.ts';
import type { Segment } from '../../src/dump/elf-core.ts';
import { Layout } from '../../src/dump/layout.ts';
import type { Range } from '../../src/memory/ranges.ts';
import type { Region } from '../../src/memory/region.ts';
import { PAGE } from '../fixtures/puppet.ts';

const page = BigInt(PAGE);

/** Regions, with or without gaps between them, and the stored pages of each. */
const memory = fc
  .array(
    fc.record({
      gap: fc.nat(3),
      isFile: fc.boolean(),
      pages: fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((list) => {
    let at = 16n;
    const regions: Region[] = [];
    const stored: Range[] = [];
    for (const { gap, isFile, pages } of list) {
      const start = (at + BigInt(gap)) * page;
      at += BigInt(gap + pages.length);
      regions.push(regionOf(start, at * page, isFile));
      pages.forEach((isStored, i) => {
        const first = start + BigInt(i) * page;
        if (isStored) stored.push({ start: first, end: first + page });
      });
    }
    return { regions, stored };
  });

const regionOf = (start: bigint, end: bigint, isFile: boolean): Region => ({
  start,
  end,
  perms: 'rw-p',
  offset: 0n,
  dev: isFile ? '08:01' : '00:00',
  inode: isFile ? 7n : 0n,
  pathname: isFile ? '/a/file' : '',
  kind: isFile ? 'file' : 'anon',
  facts: {},
});

function layOut(
  regions: readonly Region[],
  stored: readonly Range[],
  bridges: boolean,
): [Segment[], Piece[]] {
  const segments: Segment[] = [];
  const layout = new Layout(regions, (segment) => segments.push(segment), PAGE);
  const pieces = stored.flatMap((span) => layout.store(span, bridges));
  layout.finish();
  return [segments, pieces];
}

describe('the layout of a core', () => {
  it('contains all memory of all regions once, in order', () => {
    fc.assert(
      fc.property(memory, fc.boolean(), ({ regions, stored }, bridges) => {
        const [segments] = layOut(regions, stored, bridges);
        for (const { start, end, stored: bytes } of segments) {
          expect(start < end && bytes >= 0n && bytes <= end - start).toBe(true);
        }
        const edges = segments.flatMap(({ start, end }) => [start, end]);
        expect(edges).toEqual(edges.toSorted((a, b) => Number(a - b)));
        const covered = regions.map((region) =>
          segments
            .filter(({ start, end }) => region.start <= start && end <= region.end)
            .reduce((sum, { start, end }) => sum + end - start, 0n),
        );
        expect(covered).toEqual(regions.map(({ start, end }) => end - start));
      }),
    );
  });

  it('stores every byte at its segment’s offset, and none twice', () => {
    fc.assert(
      fc.property(memory, fc.boolean(), ({ regions, stored }, bridges) => {
        const [segments, pieces] = layOut(regions, stored, bridges);
        for (const { start, end, position } of pieces) {
          const segment = segments.find((one) => one.start <= start && end <= one.start + one.stored)!;
          expect(BigInt(position)).toBe(BigInt(segment.offset) + (start - segment.start));
          expect(position % PAGE).toBe(0);
        }
        const inFile = pieces.flatMap(({ start, end, position }) => [
          position,
          position + Number(end - start),
        ]);
        expect(inFile).toEqual(inFile.toSorted((a, b) => a - b));
        expect(pieces.reduce((sum, { start, end }) => sum + end - start, 0n)).toBe(
          BigInt(stored.length) * page,
        );
      }),
    );
  });

  it('bridges at most 64 KiB of anonymous memory, and nothing in files', () => {
    fc.assert(
      fc.property(memory, fc.boolean(), ({ regions, stored }, bridges) => {
        const [segments] = layOut(regions, stored, bridges);
        for (const { start, stored: bytes } of segments.filter((segment) => segment.stored > 0n)) {
          const region = regions.find((one) => one.start <= start && start < one.end)!;
          const inside = stored.filter((range) => range.start >= start && range.end <= start + bytes);
          const gaps = inside.slice(1).map((range, i) => range.start - inside[i]!.end);
          const longest = bridges && region.kind === 'anon' ? 65536n : 0n;
          for (const gap of gaps) expect(gap <= longest).toBe(true);
          expect(inside[0]!.start).toBe(start);
          expect(inside.at(-1)!.end).toBe(start + bytes);
        }
      }),
    );
  });

  it('reports too many pieces', () => {
    const region = regionOf(0n, 2n ** 40n, true);
    const layout = new Layout([region], () => {}, PAGE);
    const store = (i: number): unknown =>
      layout.store({ start: BigInt(2 * i + 1) * page, end: BigInt(2 * i + 2) * page }, true);
    let count = 0;
    expect(() => {
      while (count < 2 ** 20) store(count++);
    }).toThrow(expect.objectContaining({ code: 'TOO_SCATTERED' }));
    expect(count).toBe(2 ** 19);
  });
});

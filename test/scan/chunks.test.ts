import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Range } from '../../src/memory/ranges.ts';
import { chunksOf } from '../../src/scan/chunks.ts';

/** Spans in order; a gap of 0 makes neighbours touch. */
const spans = fc
  .array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 40 })), { maxLength: 30 })
  .map((steps) => {
    let at = 100n;
    return steps.map(([gap, length]): Range => {
      const start = at + BigInt(gap);
      at = start + BigInt(length);
      return { start, end: at };
    });
  });

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function* stream<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

/** Spans in batches, as a target yields them. */
const inBatches = (spans: readonly Range[]): Range[][] => [spans.slice(0, 3), [], spans.slice(3)];

const bytesOf = (ranges: readonly Range[]): bigint[] =>
  ranges.flatMap(({ start, end }) =>
    Array.from({ length: Number(end - start) }, (_, i) => start + BigInt(i)),
  );

describe('chunks', () => {
  it('hold every byte of the spans once, in order, and no more than their size', async () => {
    await fc.assert(
      fc.asyncProperty(spans, fc.integer({ min: 1, max: 50 }), async (spans, size) => {
        const chunks = await collect(chunksOf(stream(inBatches(spans)), size));
        expect(chunks.flatMap((chunk) => bytesOf(chunk.ranges))).toEqual(bytesOf(spans));
        for (const chunk of chunks) expect(bytesOf(chunk.ranges).length).toBeLessThanOrEqual(size);
      }),
    );
  });

  it('know how many bytes of the margin before and after them belong to their neighbours', async () => {
    const margin = fc.constantFrom(undefined, 0, 1, 7, 30, 271);
    await fc.assert(
      fc.asyncProperty(spans, fc.integer({ min: 1, max: 50 }), margin, async (spans, size, margin) => {
        const all = new Set(bytesOf(spans));
        const reach = (from: bigint, step: bigint): number => {
          let count = 0;
          while (count < (margin ?? 3) && all.has(from + step * BigInt(count))) count++;
          return count;
        };
        const chunks = await collect(chunksOf(stream(inBatches(spans)), size, margin));
        expect(chunks.flatMap((chunk) => bytesOf(chunk.ranges))).toEqual(bytesOf(spans));
        for (const { ranges, before, after } of chunks) {
          expect(before).toBe(reach(ranges[0]!.start - 1n, -1n));
          expect(after).toBe(reach(ranges.at(-1)!.end, 1n));
        }
      }),
    );
  });

  it('hold ranges that do not touch', async () => {
    await fc.assert(
      fc.asyncProperty(spans, fc.integer({ min: 1, max: 200 }), async (spans, size) => {
        for (const { ranges } of await collect(chunksOf(stream(inBatches(spans)), size))) {
          ranges.slice(1).forEach((range, i) => expect(range.start).toBeGreaterThan(ranges[i]!.end));
        }
      }),
    );
  });

  it('are yielded before later spans are requested', async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<Range[]> {
      for (let start = 0n; ; start += 1000n) {
        asked++;
        yield [{ start, end: start + 1000n }];
      }
    }
    const chunks = chunksOf(endless(), 100);
    await chunks.next();
    expect(asked).toBe(1);
    await chunks.return(undefined);
  });
});

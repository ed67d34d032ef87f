import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Region } from '../../src/memory/region.ts';
import { Views } from '../../src/memory/views.ts';

const PAGES = 40;

const view = (start: bigint, offset: number): Region => ({
  start,
  end: start + BigInt(PAGES),
  perms: 'rw-s',
  offset: BigInt(offset),
  dev: '00:01',
  inode: 7n,
  pathname: '/memfd:seen twice (deleted)',
  kind: 'shared',
  facts: {},
});

const part = fc.record({
  which: fc.nat(2),
  at: fc.nat(PAGES - 1),
  length: fc.integer({ min: 1, max: PAGES }),
});

it('takes every byte of a file once, however it is mapped', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }), fc.array(part), (offsets, parts) => {
      const regions = offsets.map((offset, i) => view(BigInt(1000 * (i + 1)), offset));
      const views = new Views(regions);
      const taken = new Set<bigint>();
      for (const { which, at, length } of parts) {
        const region = regions[which]!;
        const start = region.start + BigInt(at);
        const end = start + BigInt(Math.min(length, PAGES - at));
        const fresh = new Set<bigint>();
        for (const range of views.take({ start, end, region })) {
          for (let byte = range.start; byte < range.end; byte++) fresh.add(byte);
        }
        for (let byte = start; byte < end; byte++) {
          const offset = byte - region.start + region.offset;
          expect(fresh.has(byte)).toBe(!taken.has(offset));
          taken.add(offset);
        }
      }
    }),
  );
});

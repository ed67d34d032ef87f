import { beforeAll, describe, expect, it } from 'vitest';

import { MemscanError } from '../../src/base/errors.ts';
import {
  openTarget,
  type SampleContent,
  sampleFamilies,
  type SampleOptions,
  shapeText,
  type TopContent,
  topFamilies,
} from '../../src/index.ts';
import { fileOf, seededBytes, temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();
const MIB = 1 << 20;

async function sampleOf(path: string, options: SampleOptions = {}): Promise<SampleContent> {
  const target = await openTarget(path);
  try {
    return await sampleFamilies(target, options);
  } finally {
    target.close();
  }
}

/** About `size` bytes of texts, each with its NUL. */
function texts(size: number, make: (i: number, random: number) => string): Buffer {
  const random = seededBytes(4 * 100_003, 99);
  const parts: Buffer[] = [];
  for (let i = 0, length = 0; length < size; i++) {
    const part = Buffer.from(`${make(i, random.readUInt32LE(4 * (i % 100_003)))}\0`);
    parts.push(part);
    length += part.length;
  }
  return Buffer.concat([Buffer.concat(parts).subarray(0, size), Buffer.alloc(1)]);
}

const HUGE = 12 * MIB;

/** Families of short texts, of texts that span pages, and one text longer than the context that a sample reads. */
function memory(): Buffer {
  const items = (random: number): string =>
    `{"sku":${random % 9973},"count":2},`.repeat(20 + (random % 1200));
  return Buffer.concat([
    texts(20 * MIB, (i, random) =>
      random % 5 < 3
        ? `42["push",{"userId":${i},"unread":${random},"text":"您有新的未读消息"}]`
        : `GET /api/v1/users/${random}/orders HTTP/1.1`,
    ),
    Buffer.alloc(8 * MIB),
    texts(16 * MIB, (i, random) => `{"basket":${i},"items":[${items(random)}0]}`),
    Buffer.from(`THE HUGE TEXT: ${'words and 12 numbers, '.repeat(HUGE / 22)}`).subarray(0, HUGE),
    seededBytes(16 * MIB, 4711),
    texts(8 * MIB, (i, random) => `2026-01-12T10:00:00.123Z INFO [worker-${i % 16}] took ${random % 900}ms`),
  ]);
}

const FAMILIES = ['42["push"', 'GET /api', '{"basket"', 'THE HUGE', '2026-01'];

describe('a sample', () => {
  let path: string;
  let exact: TopContent;
  beforeAll(async () => {
    path = fileOf(folder, memory());
    const target = await openTarget(path);
    exact = await topFamilies(target);
    target.close();
  });

  const shareIn = ({ families }: Pick<SampleContent, 'families'>, begin: string) =>
    families.filter(({ shape }) => shapeText(shape).startsWith(begin));

  it('has intervals that contain the exact shares, in 95 of 100', async () => {
    const held = new Map<string, number>();
    const count = (name: string, low: number, truth: number, high: number): void => {
      held.set(name, (held.get(name) ?? 0) + Number(low <= truth && truth <= high));
    };
    for (let seed = 1000; seed < 1100; seed++) {
      const sample = await sampleOf(path, { seed });
      expect(sample.exact).toBeUndefined();
      for (const begin of FAMILIES) {
        const [found, ...others] = shareIn(sample, begin);
        const { bytes } = exact.families.find(({ shape }) => shapeText(shape).startsWith(begin))!;
        expect(others).toEqual([]);
        count(`share of ${begin}`, found!.share.low, bytes / exact.text.bytes, found!.share.high);
        count(`bytes of ${begin}`, found!.bytes.low, bytes, found!.bytes.high);
      }
      count('text', sample.text.bytes.low, exact.text.bytes, sample.text.bytes.high);
      for (const name of ['text', 'zero', 'compressed'] as const) {
        const { low, high } = sample.classes[name];
        count(`pages: ${name}`, low, exact.classes![name], high);
      }
    }
    expect([...held].filter(([, times]) => times < 95)).toEqual([]);
    expect(held.size).toBe(2 * FAMILIES.length + 4);
  }, 240_000);

  it('is the same for one seed, whatever the number of jobs, and another for another', async () => {
    const one = await sampleOf(path, { seed: 7, jobs: 1 });
    expect(await sampleOf(path, { seed: 7, jobs: 5 })).toEqual(one);
    expect(await sampleOf(path, { seed: 8 })).not.toEqual(one);
    expect((await sampleOf(path)).seed).not.toBe((await sampleOf(path)).seed);
  });

  it('names a text of any length by its beginning, once', async () => {
    const { families } = await sampleOf(path, { seed: 3 });
    const [huge] = shareIn({ families }, 'THE HUGE');
    expect(huge!.samples).toHaveLength(1);
    expect(huge!.samples[0]!.address).toBe(BigInt(memory().indexOf('THE HUGE')));
    expect(huge!.strings).toBeLessThan(4); // its beginning may stand for those of pages that were not drawn
    expect(shareIn({ families }, 'words and')).toEqual([]);
  });

  it('estimates how many strings there are, and in which kind of region', async () => {
    const { text, families, scanned, memory: all } = await sampleOf(path, { seed: 5 });
    expect(text.strings / exact.text.strings).toBeCloseTo(1, 1);
    const [first] = shareIn({ families }, 'GET /api');
    const known = exact.families.find(({ shape }) => shapeText(shape).startsWith('GET /api'))!;
    expect(first!.strings / known.strings).toBeCloseTo(1, 1);
    expect(first!.encodings).toEqual(['ascii']);
    expect(first!.locations).toEqual([{ kind: 'file', bytes: expect.any(Number) }]);
    expect(scanned).toBeLessThan(all / 2);
    expect(all).toBe(exact.scanned);
  });

  it('of a range covers only that range', async () => {
    const ranges = [{ start: 100n, end: BigInt(70 * MIB + 77) }];
    const target = await openTarget(path);
    const all = await topFamilies(target, { ranges });
    target.close();
    const { memory: size, families } = await sampleOf(path, { ranges, seed: 1 });
    expect(size).toBe(all.scanned);
    expect(shareIn({ families }, '2026-01')).toEqual([]);
  });

  it('can be stopped', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(sampleOf(path, { signal })).rejects.toThrow('enough');
  });

  it('of little memory is an exact scan', async () => {
    const small = fileOf(folder, memory().subarray(0, 3 * MIB));
    const sample = await sampleOf(small, { seed: 1 });
    const target = await openTarget(small);
    expect(sample.exact).toEqual(await topFamilies(target));
    target.close();
    for (const { share, bytes } of sample.families) {
      expect(share.low).toBe(share.high);
      expect(bytes.low).toBe(bytes.value);
    }
  });

  it('refuses bad options', async () => {
    for (const options of [{ seed: -1 }, { seed: 2 ** 32 }, { seed: 0.5 }, { min: 4097 }, { jobs: 0 }]) {
      await expect(sampleOf(path, options)).rejects.toThrow(MemscanError);
    }
  });
});

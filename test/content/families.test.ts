import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MemscanError } from '../../src/base/errors.ts';
import { commonShape } from '../../src/content/shape.ts';
import { openTarget, shapeText, type TopContent, topFamilies, type TopOptions } from '../../src/index.ts';
import { fileOf, memoryOf, seededBytes, temporaryFolder } from '../fixtures/memory.ts';
import { oracleStrings } from '../fixtures/oracle.ts';

const folder = temporaryFolder();
const MIB = 1 << 20;

async function topOf(path: string, options: TopOptions = {}): Promise<TopContent> {
  const target = await openTarget(path);
  try {
    return await topFamilies(target, options);
  } finally {
    target.close();
  }
}

/** Repeats the piece for several MiB, at odd distances, so that strings span all edges. */
function repeated(piece: Buffer, size: number): Buffer {
  const text = Buffer.concat([piece, Buffer.from(' and "a":"value" that goes on 123\0')]);
  return Buffer.alloc(size, text);
}

describe('families', () => {
  it('are the same for any chunk size and number of jobs', async () => {
    await fc.assert(
      fc.asyncProperty(
        memoryOf(60),
        fc.constantFrom(4096, 8192, 12288, 65536, 3 * MIB, 16 * MIB),
        fc.integer({ min: 1, max: 8 }),
        async (piece, chunkSize, jobs) => {
          const path = fileOf(folder, Buffer.concat([repeated(piece, 2 * MIB + 12345), piece]));
          const whole = await topOf(path);
          expect(await topOf(path, { chunkSize, jobs })).toEqual(whole);
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('have all strings there are, and their bytes', async () => {
    await fc.assert(
      fc.asyncProperty(memoryOf(200), fc.constantFrom('ascii', 'utf8'), async (bytes, encoding) => {
        const strings = oracleStrings(bytes, 10, encoding);
        const { text, families, classes } = await topOf(fileOf(folder, bytes), { encoding });
        const sum = strings.reduce((total, { length }) => total + length, 0);
        expect(text).toEqual({ strings: strings.length, bytes: sum });
        expect(families.reduce((total, family) => total + family.bytes, 0)).toBe(sum);
        expect(families.reduce((total, family) => total + family.strings, 0)).toBe(strings.length);
        expect(families.every(({ error }) => error === 0)).toBe(true);
        expect(Object.values(classes!).reduce((a, b) => a + b, 0)).toBe(bytes.length);
      }),
      { numRuns: 100 },
    );
  });

  it('of strings that match are those of a pattern, natively or not', async () => {
    const bytes = Buffer.from(
      Array.from({ length: 5000 }, (_, i) => `{"id":${i},"name":"n${i}"}\0plain text ${i}\0`).join(''),
    );
    const path = fileOf(folder, bytes);
    for (const pattern of ['"name"', /"name":"n\d+/, /"NAME"/i]) {
      const { text, families, classes } = await topOf(path, { pattern });
      expect(text.strings).toBe(5000);
      expect(families.map(({ shape }) => shapeText(shape))).toEqual(['{"id":<n>,"name":<str>}']);
      expect(classes).toBeUndefined();
    }
  });

  it('require chunks of whole pages', async () => {
    await expect(topOf(fileOf(folder, Buffer.alloc(10)), { chunkSize: 5 })).rejects.toThrow(MemscanError);
  });
});

/** A word of letters for each number, which has a shape of its own. */
const wordOf = (number: number): string =>
  [...number.toString(26).padStart(8, '0')]
    .map((digit) => String.fromCharCode(97 + parseInt(digit, 26)))
    .join('');

/** 30 characters, so that none is the beginning of another. */
const shapeOfRank = (rank: number): string =>
  `${wordOf(rank)}${wordOf(rank * 7919 + 13)}${wordOf(rank)}xyzxyz`;

describe('characters behind the last brace', () => {
  /** 2,000 texts, every other one followed by some of `strays`, and unrelated texts. */
  const bytesOf = (encoding: 'utf8' | 'utf16le', strays: readonly string[]): Buffer =>
    Buffer.concat(
      Array.from({ length: 2000 }, (_, i) => [
        Buffer.from(
          `{"user":${i * 7919},"city":"Zürich"}${i % 2 === 0 ? '' : strays[i % strays.length]!}`,
          encoding,
        ),
        Buffer.alloc(16),
      ]).flat(),
    );

  it.each([
    ['utf8', ['x', 'qC', '"}', '\u4eba', '=1']],
    ['utf16le', ['\u6c65', 'it\u4eba\u6c65', '5,', ',"\u4eba', '\u4eba\u6c65\u4eba\u6c65']],
  ] as const)('make no other family: %s', async (encoding, strays) => {
    const path = fileOf(folder, bytesOf(encoding, strays));
    const { text, families } = await topOf(path, { encoding: ['utf8', 'utf16le'] });
    expect(text.strings).toBe(2000);
    expect(families.map(({ shape, strings }) => [shapeText(shape), strings])).toEqual([
      ['{"user":<n>,"city":"Zürich"}', 2000],
    ]);
  });

  it('make one where they are more, or stand apart', async () => {
    const ends = [') ok', ' bad', 'tail of five', '\u4eba'.repeat(5)];
    const lines = ends.map((end) => `begin [a] {b}${end}\0`.repeat(100));
    const { families } = await topOf(fileOf(folder, Buffer.from(lines.join(''))));
    expect(families).toHaveLength(ends.length);
  });
});

describe('heavy hitters', () => {
  const streams: [string, (random: (i: number) => number) => number[]][] = [
    ['Zipf', (random) => Array.from({ length: 300_000 }, (_, i) => Math.floor(1 / (random(i) + 1e-6)))],
    [
      'a family that comes late, after very many others',
      () => Array.from({ length: 300_000 }, (_, i) => (i > 200_000 && i % 10 === 0 ? 7 : i + 10)),
    ],
    [
      'a family with one string in each stretch, among others',
      () => Array.from({ length: 300_000 }, (_, i) => (i % 2000 === 0 ? 7 : i + 10)),
    ],
  ];

  it.each(streams)('are reported within their error: %s', async (_, make) => {
    const bytes = seededBytes(4 * 300_000, 12345);
    const ranks = make((i) => bytes.readUInt32LE(4 * i) / 2 ** 32);
    const exact = new Map<string, number>();
    for (const rank of ranks) {
      const text = shapeOfRank(rank);
      exact.set(text, (exact.get(text) ?? 0) + text.length);
    }
    const path = fileOf(folder, Buffer.from(ranks.map((rank) => `${shapeOfRank(rank)}\0`).join('')));
    const { text, families } = await topOf(path);
    const bound = text.bytes / 513 + text.bytes / 4097;
    for (const { bytes: told, error, samples, distinct } of families) {
      const all = exact.get(samples[0]!.text)!;
      expect(distinct).toBe(1);
      expect(told).toBeLessThanOrEqual(all);
      expect(told + error).toBeGreaterThanOrEqual(all);
      expect(error).toBeLessThanOrEqual(bound);
    }
    const listed = new Set(families.map(({ samples }) => samples[0]!.text));
    const missed = [...exact].filter(
      ([shape, size]) => !listed.has(shape) && size > bound + text.bytes * 1e-4,
    );
    expect(missed).toEqual([]);
  });
});

describe('a shape', () => {
  const shape = (...texts: string[]): string =>
    shapeText(commonShape(texts.map((text) => Buffer.from(text))));

  it.each([
    ['{"id":1,"ok":true,"s":""}', '{"id":25,"ok":null,"s":"a, \\"b\\""}', '{"id":<n>,"ok":<str>,"s":<str>}'],
    ['{"ids":[1,2,3]}', '{"ids":[15]}', '{"ids":[<n>]}'],
    ['user:1000:name', 'user:7:name', 'user:<n>:name'],
    [
      'a request 550e8400-e29b-41d4-a716-446655440000',
      'a request 123e4567-e89b-12d3-a456-426614174000',
      'a request <uuid>',
    ],
    ['from 10.0.0.1 to 10.0.0.2', 'from 192.168.1.7 to 8.8.8.8', 'from <ip> to <ip>'],
    ['at 2026-01-31 23:59:59 done', 'at 2025-12-01 00:00:00 done', 'at <time> done'],
    ['commit 7f3ac19b2e fixed', 'commit 00ab12cd9f fixed', 'commit <hex> fixed'],
    [
      "select * from t where a = 'x y' and b=5",
      "select * from t where a = 'z' and b=77",
      'select * from t where a = <str> and b=<n>',
    ],
    ['level=info user=bob', 'level=info user=alice', 'level=info user=<str>'],
    ['<a href="/x">text</a>', '<a href="/y">other text</a>', '<a href=<str>><str></a>'],
    ["it's the user's own word", "it's the user's own word", "it's the user's own word"],
  ])('has placeholders where texts differ: %s', (a, b, expected) => {
    expect(shape(a, b)).toBe(expected);
  });

  it('continues where one text is cut short', () => {
    const whole = ['GET /users/15/orders HTTP/1.1', 'GET /users/7/orders HTTP/1.1'];
    expect(shape(...whole, 'GET /users/7/ord')).toBe('GET /users/<n>/orders HTTP/1.1');
    expect(shape(...whole, `${whole[0]!} and more`)).toBe('GET /users/<n>/orders HTTP/1.1');
  });
});

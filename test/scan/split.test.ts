import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countStrings, openTarget, scanStrings, type StringOptions } from '../../src/index.ts';
import { KERNELS, withEnvironment, withKernel } from '../fixtures/environment.ts';
import { fileOf, memory, memoryOf, temporaryFolder } from '../fixtures/memory.ts';
import { type OracleString, oracleStrings } from '../fixtures/oracle.ts';

const folder = temporaryFolder();

async function scan(bytes: Buffer, options: StringOptions): Promise<OracleString[]> {
  const target = await openTarget(fileOf(folder, bytes));
  try {
    const found: OracleString[] = [];
    for await (const { address, length, text } of scanStrings(target, options)) {
      found.push({ address: Number(address), length, text });
    }
    expect(await countStrings(target, options)).toBe(found.length);
    return found;
  } finally {
    target.close();
  }
}

const encoding = fc.constantFrom('ascii', 'utf8');
const min = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(63, 64, 65, 66, 100));
const chunkSize = fc.constantFrom(1, 2, 3, 5, 7, 62, 63, 64, 65, 66, 127, 128, 129, 4096);

describe.each(KERNELS)('strings found by the %s kernel', (kernel) => {
  it('are those of the definition, however the memory is cut into chunks', async () => {
    await withKernel(kernel, () =>
      fc.assert(
        fc.asyncProperty(memory, min, encoding, chunkSize, async (bytes, min, encoding, chunkSize) => {
          const expected = oracleStrings(bytes, min, encoding);
          expect(await scan(bytes, { min, encoding, chunkSize })).toEqual(expected);
        }),
        { numRuns: 400 },
      ),
    );
  });

  it('are those of the definition in memory of several pages', async () => {
    await withKernel(kernel, () =>
      fc.assert(
        fc.asyncProperty(memoryOf(600), min, async (bytes, min) => {
          expect(await scan(bytes, { min, chunkSize: 8192 })).toEqual(oracleStrings(bytes, min, 'utf8'));
        }),
        { numRuns: 40 },
      ),
    );
  });

  it('are those that hold a literal', async () => {
    const literal = fc.oneof(
      fc.constantFrom('a', 'ab', '你', '未读', '😀', '\u202e', 'e\u0301', '\u{200d}'),
      fc.string({ minLength: 1, maxLength: 3 }),
    );
    await withKernel(kernel, () =>
      fc.assert(
        fc.asyncProperty(
          memory,
          literal,
          min,
          encoding,
          chunkSize,
          async (bytes, pattern, min, encoding, chunkSize) => {
            const planted = Buffer.concat([bytes, Buffer.from(`some ${pattern} in text`), bytes]);
            const expected = oracleStrings(planted, min, encoding).filter(({ text }) =>
              text.includes(pattern),
            );
            expect(await scan(planted, { min, encoding, chunkSize, pattern })).toEqual(expected);
          },
        ),
        { numRuns: 300 },
      ),
    );
  });
});

describe('strings that match a regular expression', () => {
  it('are those of the definition that match, however the memory is cut', async () => {
    const pattern = fc.constantFrom(/\d{2,}/, /^\w+$/, /[一-龥]{2}/, /😀|👨/u, /a.c/i, /\p{L}$/u, /(?<!x)y/);
    await fc.assert(
      fc.asyncProperty(memory, pattern, min, chunkSize, async (bytes, pattern, min, chunkSize) => {
        const unicode = new RegExp(
          pattern.source,
          pattern.flags.includes('u') ? pattern.flags : `${pattern.flags}u`,
        );
        const expected = oracleStrings(bytes, min, 'utf8').filter(({ text }) => unicode.test(text));
        expect(await scan(bytes, { min, chunkSize, pattern })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('conditions of regular expressions', () => {
  const planted = fc.constantFrom<[RegExp, string][]>(
    [/user[_-]?id["':= ]+\d{4,}/, 'user_id = 12345'],
    [/un(?:read|见)\w*/, 'unread未读'],
    [/(?:未读)+消/, '未读未读消息'],
    [/(?:未读|unread)消/, '未读消息'],
    [/foo(?=bar)/, 'foobar'],
    [/(?<q>["'])in\k<q>/, '"in"'],
    [/^some.*text/, 'x'],
    [/TO[K]EN/i, 'to\u212aen'],
    [/(?:abc){3}/, 'abcabcabc'],
    [/[0-9a-f]{12}/, '0123456789abcdef'],
    [/😀{2}/u, '😀😀'],
    [/unread$/, 'unread'],
  );

  it('do not change the result, however the memory is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        memory,
        planted,
        min,
        encoding,
        chunkSize,
        async (bytes, [pattern, text], min, encoding, chunkSize) => {
          const all = Buffer.concat([bytes, Buffer.from(`some ${text} in text`), bytes, Buffer.from(text)]);
          const options = { min, encoding, chunkSize, pattern };
          const tested = await withEnvironment('MEMSCAN_CONDITIONS', 'off', () => scan(all, options));
          expect(await scan(all, options)).toEqual(tested);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('ranges', () => {
  it('cut strings at their ends and leave the rest out', async () => {
    await fc.assert(
      fc.asyncProperty(
        memory,
        fc.nat(200),
        fc.nat(200),
        chunkSize,
        async (bytes, from, length, chunkSize) => {
          const end = Math.min(bytes.length, from + length);
          fc.pre(from < end);
          const part = oracleStrings(bytes.subarray(from, end), 3, 'utf8');
          const ranges = [{ start: BigInt(from), end: BigInt(end) }];
          expect(await scan(bytes, { min: 3, chunkSize, ranges })).toEqual(
            part.map((string) => ({ ...string, address: string.address + from })),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

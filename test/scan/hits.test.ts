import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  countBytes,
  countPointers,
  openTarget,
  type PassOptions,
  type Range,
  scanBytes,
  scanPointers,
} from '../../src/index.ts';
import { addon } from '../../src/native/addon.ts';
import { at, coreOf, page } from '../fixtures/cores.ts';
import { KERNELS, withKernel } from '../fixtures/environment.ts';
import { type OracleBytes, oracleBytes, type OraclePointer, oraclePointers } from '../fixtures/hits.ts';
import { fileOf, memory, temporaryFolder } from '../fixtures/memory.ts';
import { PAGE } from '../fixtures/puppet.ts';

const folder = temporaryFolder();

async function bytesIn(
  bytes: Buffer,
  patterns: readonly string[],
  options: PassOptions,
): Promise<OracleBytes[]> {
  const target = await openTarget(fileOf(folder, bytes));
  try {
    const found: OracleBytes[] = [];
    const scan = scanBytes(target, patterns, options);
    for await (const { address, length, bytes, before, after } of scan) {
      const [shown, left, right] = [bytes, before, after].map((part) => part.toString('hex'));
      found.push({ address: Number(address), length, bytes: shown!, before: left!, after: right! });
    }
    expect(scan.stats.hits).toBe(found.length);
    expect(scan.stats.coverage).toMatchObject({ scanned: scan.stats.coverage.mapped, notReached: 0 });
    expect(await countBytes(target, patterns, options)).toBe(found.length);
    return found;
  } finally {
    target.close();
  }
}

async function pointersIn(bytes: Buffer, to: Range, options: PassOptions): Promise<OraclePointer[]> {
  const target = await openTarget(fileOf(folder, bytes));
  try {
    const found: OraclePointer[] = [];
    for await (const { address, value } of scanPointers(target, to, options)) {
      found.push({ address: Number(address), value });
    }
    expect(await countPointers(target, to, options)).toBe(found.length);
    return found;
  } finally {
    target.close();
  }
}

const chunkSize = fc.constantFrom(1, 2, 3, 7, 8, 9, 15, 16, 17, 63, 64, 65, 129, 300, 4096);

/** Bytes of the memory with some digits replaced, or any bytes. */
const patternFor = (bytes: Buffer): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(Math.max(0, bytes.length - 1)),
      fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 256 })),
      fc.constantFrom('?', '?', '0', '4', 'f'),
      fc.infiniteStream(fc.constantFrom(true, false, false)),
      fc.boolean(),
    )
    .map(([at, length, other, replaced, spaced]) => {
      const digits = bytes.subarray(at, at + length).toString('hex') || '00';
      const pattern = [...digits].map((digit) => (replaced.next().value ? other : digit)).join('');
      return spaced ? pattern.replace(/../g, '$& ').trimEnd() : pattern;
    })
    .filter((pattern) => /[^? ]/.test(pattern));

describe.each(KERNELS)('bytes found by the %s kernel', (kernel) => {
  it('are those of the definition, with their context, however the memory is cut into chunks', async () => {
    const sample = memory.chain((bytes) =>
      fc.record({
        bytes: fc.constant(bytes),
        patterns: fc.array(patternFor(bytes), { minLength: 1, maxLength: 4 }),
      }),
    );
    await withKernel(kernel, () =>
      fc.assert(
        fc.asyncProperty(sample, chunkSize, async ({ bytes, patterns }, chunkSize) => {
          expect(await bytesIn(bytes, patterns, { chunkSize })).toEqual(oracleBytes(bytes, patterns));
        }),
        { numRuns: 300 },
      ),
    );
  });
});

describe.each(KERNELS)('pointers found by the %s kernel', (kernel) => {
  it('are those of the definition, however the memory is cut into chunks', async () => {
    const value = fc.oneof(
      fc.bigInt({ min: 0x7000n, max: 0x7010n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.constantFrom(0n, 2n ** 63n, 2n ** 64n - 1n),
    );
    const words = fc.array(value, { maxLength: 200, size: 'max' }).map((values) => {
      const bytes = Buffer.alloc(8 * values.length);
      values.forEach((value, i) => bytes.writeBigUInt64LE(value, 8 * i));
      return bytes;
    });
    const to = fc
      .tuple(value, value)
      .map(([a, b]): Range => (a < b ? { start: a, end: b } : { start: b, end: a }))
      .filter(({ start, end }) => start < end);
    await withKernel(kernel, () =>
      fc.assert(
        fc.asyncProperty(words, memory, to, chunkSize, async (words, odd, to, chunkSize) => {
          const bytes = Buffer.concat([words, odd, words]);
          expect(await pointersIn(bytes, to, { chunkSize })).toEqual(oraclePointers(bytes, to.start, to.end));
        }),
        { numRuns: 200 },
      ),
    );
  });
});

describe('hits', () => {
  it('and their context lie in the ranges asked for', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const ranges = [
      { start: 10n, end: 20n },
      { start: 40n, end: 50n },
    ];
    for (const chunkSize of [1, 3, 8, 4096]) {
      const found = await bytesIn(bytes, ['1? 1?', '31 32', '29'], { ranges, chunkSize });
      expect(
        found.map(({ address, before, after }) => [address, before.length / 2, after.length / 2]),
      ).toEqual([16, 17, 18].map((at) => [at, at - 10, 18 - at]).concat([[41, 1, 8]]));
      const all = { start: 0n, end: 2n ** 64n - 1n };
      const pointers = await pointersIn(bytes, all, { ranges, chunkSize });
      expect(pointers.map(({ address }) => address)).toEqual([40]);
    }
  });

  it('that overlap are all reported, and those that match several patterns once', async () => {
    const found = await bytesIn(Buffer.from('aaaa'), ['6161', '61 6?', '616161'], {});
    expect(found.map(({ address, length }) => [address, length])).toEqual([
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 2],
    ]);
  });

  // A job leaves a chunk when it has found 4 MiB; the rest is read again.
  it('are all reported when they are so many that jobs leave chunks', async () => {
    const bytes = Buffer.alloc(200_000);
    for (let at = 0; at < bytes.length; at += 251) bytes[at] = 7;
    for (const jobs of [1, 4]) {
      const patterns = ['00', '?0 0?'];
      expect(await bytesIn(bytes, patterns, { jobs })).toEqual(oracleBytes(bytes, patterns));
    }
    const words = Buffer.alloc(8 * 200_000, 7);
    const all = { start: 0n, end: 2n ** 64n - 1n };
    expect(await pointersIn(words, all, {})).toEqual(oraclePointers(words, all.start, all.end));
  });

  // Memory may be unmapped between the listing of pages and the read.
  it('have less context where the margins of a chunk cannot be read', async () => {
    const core = coreOf([at(0x10_0000, 1, PAGE)], page('needle'));
    const target = await openTarget(fileOf(folder, core));
    const pattern = { bytes: Buffer.from('needle'), loose: Buffer.alloc(6) };
    const scan = new addon.HitScan({ kernel: KERNELS[0]!, patterns: [pattern], output: 'records' });
    const run = async (start: bigint, end: bigint): Promise<number[]> => {
      const shape = Uint32Array.of(1, 16, 22);
      const [result] = await scan.run(target.source, BigUint64Array.of(start, end), shape, 100);
      expect(result).toMatchObject({ status: 'ok', bytesRead: Number(end - start), bytesUnreadable: 0 });
      return [...result!.records!.lengths];
    };
    expect(await run(0x10_0000n, 0x10_0001n)).toEqual([0, 6, 16]);
    expect(await run(0x10_0000n, 0x10_1000n)).toEqual([0, 6, 16]);
    expect(await run(0x10_0ff0n, 0x10_1000n)).toEqual([]);
    target.close();
  });

  it('of a bad pattern or range are refused', async () => {
    const target = await openTarget(fileOf(folder, Buffer.from('text')));
    for (const pattern of ['', ' ', '1', '1 f8b', '1g', '??', '? ?', '00'.repeat(257), '0x1f']) {
      expect(() => scanBytes(target, pattern), pattern).toThrow(
        expect.objectContaining({ code: 'BAD_PATTERN' }),
      );
    }
    for (const pattern of [undefined, 5, ['00', null]]) {
      expect(() => scanBytes(target, pattern as unknown as string)).toThrow(
        expect.objectContaining({ code: 'BAD_PATTERN' }),
      );
    }
    expect(() => scanBytes(target, [])).toThrow(expect.objectContaining({ code: 'BAD_PATTERN' }));
    expect(() => scanBytes(target, '00'.repeat(256))).not.toThrow();
    for (const [start, end] of [
      [1n, 1n],
      [2n, 1n],
      [-1n, 1n],
      [1n, 2n ** 64n],
      [1, 2],
      [undefined, undefined],
    ] as const) {
      expect(() => scanPointers(target, { start, end } as Range)).toThrow(
        expect.objectContaining({ code: 'BAD_OPTION' }),
      );
    }
    target.close();
  });

  it('are searched for until the signal is aborted', async () => {
    const target = await openTarget(fileOf(folder, Buffer.alloc(1000)));
    const controller = new AbortController();
    const reason = new Error('enough');
    let found = 0;
    const scan = async (): Promise<void> => {
      for await (const _ of scanBytes(target, '00', { signal: controller.signal })) {
        if (++found === 5) controller.abort(reason);
      }
    };
    await expect(scan()).rejects.toBe(reason);
    expect(found).toBe(5);
    target.close();
  });
});

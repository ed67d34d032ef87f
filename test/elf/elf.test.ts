import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readElfImage } from '../../src/elf/image.ts';
import { elfImage, sourceOf } from '../fixtures/elf.ts';

const address = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const name = fc.string({ unit: fc.constantFrom(...'abAB_:*<>0 \xe9'), minLength: 1, maxLength: 120 });
const draft = fc.record({
  base: fc.bigInt({ min: 0n, max: 2n ** 51n }),
  symbols: fc.array(fc.tuple(name, address), { maxLength: 20 }).map((list) => new Map(list)),
  texts: fc.uniqueArray(name, { maxLength: 20 }),
});

describe('readElfImage', () => {
  it('finds symbols and texts at their addresses', () => {
    fc.assert(
      fc.property(draft, (draft) => {
        const { bytes, texts } = elfImage(draft);
        const elf = readElfImage(sourceOf(bytes))!;
        const wanted = [...draft.symbols.keys()].slice(1);
        expect(elf.symbols(new Set([...wanted, 'none']))).toEqual(
          new Map(wanted.map((name) => [name, draft.symbols.get(name)])),
        );
        for (const [text, address] of texts) expect(elf.textAt(address)).toBe(text);
        expect(elf.addressOf(0n)).toBe(draft.base);
        expect(elf.addressOf(BigInt(bytes.length))).toBeUndefined();
        expect(elf.textAt(draft.base + BigInt(bytes.length))).toBeUndefined();
      }),
    );
  });

  it('finds texts across the edges of chunks', () => {
    const filler = Array.from({ length: 3000 }, (_, i) => `${'x'.repeat(90)}${i}`);
    const { bytes, texts } = elfImage({ base: 0x10000n, symbols: new Map(), texts: filler });
    const elf = readElfImage(sourceOf(bytes))!;
    expect(filler.filter((text) => elf.textAt(texts.get(text)!) !== text)).toEqual([]);
  });

  it('ignores a text without an end', () => {
    const long = 'x'.repeat(256);
    const { bytes, texts } = elfImage({ base: 0n, symbols: new Map(), texts: [long, 'cut'] });
    const elf = readElfImage(sourceOf(bytes.subarray(0, -1)))!;
    expect(elf.textAt(texts.get(long)!)).toBeUndefined();
    expect(elf.textAt(texts.get(long)! + 1n)).toBe(long.slice(1));
    expect(elf.textAt(texts.get('cut')!)).toBeUndefined();
  });

  it('rejects a file that claims millions of program headers', () => {
    const { bytes } = elfImage({ base: 0x10000n, symbols: new Map(), texts: [] });
    expect(readElfImage(sourceOf(bytes))).toBeDefined();
    bytes.writeUInt16LE(0xffff, 56); // PN_XNUM: section header 0 has the number
    bytes.writeUInt32LE(10_000_000, Number(bytes.readBigUInt64LE(40)) + 44);
    expect(readElfImage(sourceOf(bytes))).toBeUndefined();
  });

  it('reads forged files without an error, and a bounded number of bytes', () => {
    const value = fc.oneof(
      fc.constantFrom(
        0n,
        1n,
        0xffn,
        0xffffn,
        0xffff_ffffn,
        2n ** 63n,
        2n ** 64n - 1n,
        2n ** 53n,
        2n ** 53n - 1n,
      ),
      address,
    );
    const lie = fc.record({
      at: fc.oneof(fc.nat(312), fc.nat(2000)),
      value,
      size: fc.constantFrom(1, 2, 4, 8),
    });
    fc.assert(
      fc.property(
        draft,
        fc.array(lie, { minLength: 1, maxLength: 8 }),
        fc.array(address),
        (draft, lies, asked) => {
          const { bytes, texts } = elfImage(draft);
          for (const { at, value, size } of lies) {
            const lied = Buffer.alloc(8);
            lied.writeBigUInt64LE(value);
            lied.copy(bytes, at, 0, size);
          }
          check(bytes, [...asked, ...texts.values()], draft.symbols);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('accepts any other file', () => {
    const magic = fc
      .constantFrom('', '\x7fELF', '\x7fELF\x02\x01')
      .map((text) => Buffer.from(text, 'latin1'));
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 400 }), address, (magic, rest, asked) => {
        check(Buffer.concat([magic, rest]), [asked], new Map([['', 0n]]));
      }),
    );
  });
});

/** Calls every method on an image of `bytes`, and checks the reads that result. */
function check(bytes: Buffer, asked: readonly bigint[], symbols: ReadonlyMap<string, bigint>): void {
  let total = 0;
  const source = sourceOf(bytes);
  const elf = readElfImage({
    size: source.size,
    read(offset, length) {
      expect(Number.isSafeInteger(offset + length) && offset >= 0 && length >= 0).toBe(true);
      total += length;
      return source.read(offset, length);
    },
  });
  for (const address of asked) {
    elf?.addressOf(address);
    expect(elf?.textAt(address)?.length ?? 0).toBeLessThan(256);
  }
  elf?.symbols(new Set(symbols.keys()));
  expect(total).toBeLessThan(64 << 20);
}

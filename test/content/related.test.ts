import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { likeness } from '../../src/content/likeness.ts';
import { commonShape } from '../../src/content/shape.ts';
import { openTarget, shapeText, topFamilies } from '../../src/index.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();

/** Shapes and numbers of strings of the families in a target with these texts. */
async function familiesOf(texts: readonly string[]): Promise<[shape: string, strings: number][]> {
  const target = await openTarget(fileOf(folder, Buffer.from(texts.map((text) => `${text}\0`).join(''))));
  const { families } = await topFamilies(target);
  target.close();
  return families.map(({ shape, strings }) => [shapeText(shape), strings]);
}

const character = (code: number): string => String.fromCharCode(code);

/** A varlena of less than 127 bytes: src/include/varatt.h of PostgreSQL. */
const varlena = (text: string): string => character(((Buffer.byteLength(text) + 1) << 1) | 1) + text;

/** A string of less than 32 bytes: src/sds.h of Redis. */
const sds = (text: string): string => character(text.length << 3) + text;

const between = (text: string): string => character(text.length) + text + character(text.length + 2);

describe('texts with lengths beside them', () => {
  it.each<[string, (i: number) => string, string]>([
    [
      'before a text',
      (i) => varlena(`{"sku":"A-${i}","count":${i % 9},"title":"an article"}`),
      '{"sku":<str>,"count":<n>,"title":"an article"}',
    ],
    // A length of 23 to 27 bytes gives a digit, as for most texts here.
    ['before a text, digits', (i) => varlena(`{"sku":"A-${i}","no":${i % 9}}`), '{"sku":<str>,"no":<n>}'],
    [
      'between two',
      (i) => `paid${varlena(`请尽快发货 order ${i} to the address`)}`,
      'paid<str>请尽快发货 order <n> to the address',
    ],
    ['before a short text', (i) => sds(`session:${i}`), 'session:<n>'],
    ['before and behind', (i) => between(`goods "${i}" are on their way`), 'goods "<n>" are on their way'],
  ])('are of one family: %s', async (_, textOf, shape) => {
    const texts = Array.from({ length: 12_000 }, (_text, i) => textOf(i));
    expect(await familiesOf(texts)).toEqual([[shape, texts.length]]);
  });

  it('are of one family if some lengths are not printable', async () => {
    // A length of 15 bytes and more gives a printable character.
    const texts = Array.from({ length: 2000 }, (_, i) => `customer ${99_000 + i}`);
    const found = await familiesOf(texts.map((text) => (text.length < 15 ? text : varlena(text))));
    expect(found.map(([, strings]) => strings)).toEqual([2000]);
  });
});

describe('texts that differ in more', () => {
  it.each([
    [['GET /api/v1/orders/all', 'PUT /api/v1/orders/all']],
    [['the first text of all', 'the worst text of all']],
    [['internals', 'internall']],
    [['{"user":1,"name":"x"}', '{"item":1,"name":"x"}']],
  ])('are of several families: %j', async (texts) => {
    const found = await familiesOf(texts.flatMap((text) => Array<string>(50).fill(text.padEnd(10))));
    expect(found.length).toBe(texts.length);
  });
});

describe('likeness', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 24 });

  it('is symmetric, and no two odd characters are near each other', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const { length, odd } = likeness(a, b);
        expect(likeness(b, a)).toEqual({ length, odd });
        expect(length).toBeLessThanOrEqual(Math.min(a.length, b.length));
        const differ = Array.from({ length }, (_, i) => i).filter((i) => a[i] !== b[i]);
        expect(odd).toEqual(differ);
        for (const [i, at] of odd.slice(1).entries()) expect(at - odd[i]!).toBeGreaterThan(4);
      }),
    );
  });
});

describe('a shape', () => {
  const shapeOf = (...texts: string[]): string =>
    shapeText(commonShape(texts.map((one) => Buffer.from(one))));

  it('continues where a few texts are cut short and end with overwritten bytes', () => {
    const whole = Array.from({ length: 4 }, (_, i) => `Mozilla/5.0 (X11; Linux x86_64) Chrome/12${i}.0`);
    expect(shapeOf(...whole, 'Mozilla/5.0 (X11; Linux x86_64) Chro`')).toBe(shapeOf(...whole));
    expect(shapeOf(...whole)).toContain('Chrome/');
  });

  it('ends where texts end differently', () => {
    expect(shapeOf('order 1 is paid', 'order 2 is open', 'order 3 is open')).toBe('order <n> is ');
  });

  it('never cuts a character in two', () => {
    expect(shapeOf('a smile: 😀 and more', 'a smile: 😁 and more')).toBe('a smile: <str> and more');
  });
});

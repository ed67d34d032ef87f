import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type ChunkEnds, Stitcher, type StitchOptions } from '../../src/scan/join-texts.ts';

const defaults: StitchOptions = { minLength: 1, keep: 1 << 20, overlap: 16, wants: () => true };

const piece = (address: number, text: string): ChunkEnds['head'] & object => ({
  address: BigInt(address),
  length: Buffer.byteLength(text),
  characters: [...text].length,
  text: Buffer.from(text),
});

/** One long text that spans chunks of the given lengths. */
function stitchWhole(text: string, sizes: readonly number[], options: Partial<StitchOptions> = {}) {
  const stitcher = new Stitcher({ ...defaults, ...options });
  let at = 0;
  for (const size of sizes) {
    const part = text.slice(at, at + size);
    if (part) expect(stitcher.push({ head: piece(at, part), whole: true })).toBeUndefined();
    at += size;
  }
  const rest = text.slice(at);
  return stitcher.push({ ...(rest && { head: piece(at, rest) }), whole: false });
}

describe('stitching', () => {
  it('joins the tail of one chunk and the head of the next', () => {
    const stitcher = new Stitcher(defaults);
    expect(stitcher.push({ tail: piece(5, 'web'), whole: false })).toBeUndefined();
    const joined = stitcher.push({ head: piece(8, 'socket'), whole: false });
    expect(joined).toMatchObject({ address: 5n, length: 9, cutBefore: false, cutAfter: false });
    expect(joined?.text.toString()).toBe('websocket');
  });

  it('ends a string where the next chunk does not continue it', () => {
    const stitcher = new Stitcher(defaults);
    stitcher.push({ tail: piece(5, 'left'), whole: false });
    expect(stitcher.push({ tail: piece(90, 'right'), whole: false })?.text.toString()).toBe('left');
    expect(stitcher.finish()?.text.toString()).toBe('right');
    expect(stitcher.finish()).toBeUndefined();
  });

  it('restores a text cut anywhere', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.nat(9)), (text, sizes) => {
        expect(stitchWhole(text, sizes)?.text.toString()).toBe(text);
      }),
    );
  });

  it('counts characters, not bytes', () => {
    expect(stitchWhole('你好', [1], { minLength: 3 })).toBeUndefined();
    expect(stitchWhole('你好吗', [1], { minLength: 3 })?.length).toBe(9);
  });

  it('keeps no more of a long wanted text than allowed', () => {
    const sizes = Array<number>(100).fill(100);
    const joined = stitchWhole('x'.repeat(10_000), sizes, { keep: 1000 });
    expect(joined).toMatchObject({ length: 10_000, cutBefore: false, cutAfter: true });
    expect(joined?.text.length).toBeLessThanOrEqual(1100);
  });

  it('finds a match anywhere in a long text, also where windows meet', () => {
    fc.assert(
      fc.property(fc.nat(9_990), fc.integer({ min: 20, max: 300 }), (at, size) => {
        const text = `${'x'.repeat(at)}needle${'y'.repeat(9_994 - at)}`;
        const sizes = Array<number>(Math.floor(10_000 / size)).fill(size);
        const wants = (part: Buffer): boolean => part.includes('needle');
        const joined = stitchWhole(text, sizes, { keep: 1000, wants });
        expect(joined?.length).toBe(10_000);
        expect(joined?.text.includes('needle')).toBe(true);
      }),
    );
  });

  it('drops strings that are not wanted', () => {
    expect(stitchWhole('some text', [4], { wants: () => false })).toBeUndefined();
  });
});

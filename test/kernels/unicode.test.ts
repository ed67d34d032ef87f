import { describe, expect, it } from 'vitest';

import { countStrings, openTarget, scanStrings } from '../../src/index.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();
const TEXT = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\p{Cf}]$/u;
const ASSIGNED = /^\P{Cn}$/u;

/** All code points that UTF-8 can encode, each between two zeros. */
function everyCodePoint(): { bytes: Buffer; codePoints: Map<bigint, number> } {
  const pieces: Buffer[] = [];
  const codePoints = new Map<bigint, number>();
  let offset = 0n;
  for (let codePoint = 0x80; codePoint <= 0x10ffff; codePoint++) {
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
    const piece = Buffer.from(`${String.fromCodePoint(codePoint)}\0`);
    codePoints.set(offset, codePoint);
    offset += BigInt(piece.length);
    pieces.push(piece);
  }
  return { bytes: Buffer.concat(pieces), codePoints };
}

describe('the characters of strings', () => {
  it('are the assigned ones except controls, private use and line separators', async () => {
    const { bytes, codePoints } = everyCodePoint();
    const target = await openTarget(fileOf(folder, bytes));
    const found = new Set<number>();
    for await (const { address } of scanStrings(target, { min: 1 })) found.add(codePoints.get(address)!);
    target.close();

    const wrong = [...codePoints.values()].filter((codePoint) => {
      const character = String.fromCodePoint(codePoint);
      if (found.has(codePoint) === TEXT.test(character)) return false;
      // An older Node does not know the newest characters, so they are not compared.
      return ASSIGNED.test(character);
    });
    expect(wrong.map((codePoint) => codePoint.toString(16))).toEqual([]);
    expect(found.size).toBeGreaterThan(150_000);
  });

  it('include no lone surrogates', async () => {
    const bytes = Buffer.from([0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf, 0xed, 0xb0, 0x80]);
    const target = await openTarget(fileOf(folder, bytes));
    expect(await countStrings(target, { min: 1 })).toBe(0);
    target.close();
  });
});

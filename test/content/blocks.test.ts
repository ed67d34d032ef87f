import { describe, expect, it } from 'vitest';

import { type Family, openTarget, shapeText, topFamilies } from '../../src/index.ts';
import { compile } from '../fixtures/compile.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';
import { startTarget } from '../fixtures/process.ts';

const folder = temporaryFolder();

interface Blocks {
  /** Bytes of all blocks of the target that hold text. */
  readonly taken: number;
  readonly family: Family;
}

async function blocksOf(place: string, bytes: number, offset = 0, texts = 1): Promise<Blocks> {
  const { pid, words } = await startTarget(
    compile('blocks'),
    [place, bytes, offset || bytes / 4, texts].map(String),
  );
  const target = await openTarget(pid);
  try {
    const { families } = await topFamilies(target);
    const family = families.find(({ shape }) => shapeText(shape).includes('of block <n>'))!;
    return { taken: Number(words[0]), family };
  } finally {
    target.close();
  }
}

describe('blocks of malloc around the strings of a family', () => {
  it.each([
    ['main', 64],
    ['main', 500],
    ['main', 4000],
    ['main', 60_000],
    ['main', 120_000],
    ['thread', 64],
    ['thread', 3000],
    ['thread', 100_000],
    ['main', 200_000],
    ['thread', 900_000],
  ])('of %s have their size: %d bytes', async (place, bytes) => {
    const { taken, family } = await blocksOf(place, bytes);
    expect(Math.abs(family.blocks! - taken) / taken).toBeLessThan(0.03);
  });

  it.each([
    ['main', 4000, 500, 6],
    ['thread', 60_000, 10_000, 5],
    ['main', 300_000, 1000, 200],
  ])('of several strings each are counted once: %s, %d bytes', async (place, bytes, offset, texts) => {
    const { taken, family } = await blocksOf(place, bytes, offset, texts);
    expect(Math.abs(family.blocks! - taken) / taken).toBeLessThan(0.03);
  });

  it('are unknown outside of malloc’s memory', async () => {
    const texts = Array.from({ length: 1000 }, (_, i) => `text of a file, number ${i}\0`).join('');
    const target = await openTarget(fileOf(folder, Buffer.from(texts)));
    const { families } = await topFamilies(target);
    target.close();
    expect(families.map((family) => 'blocks' in family)).toEqual([false]);
  });
});

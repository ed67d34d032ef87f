import { describe, expect, it } from 'vitest';

import { openTarget, sampleFamilies, shapeText, topFamilies } from '../../src/index.ts';
import { compile } from '../fixtures/compile.ts';
import { startTarget } from '../fixtures/process.ts';

describe('a sample of a leaking process', () => {
  it('has intervals that hold the exact shares, in 95 of 100', async () => {
    const { pid } = await startTarget(compile('leak'), ['-m', '80', 'websocket', 'list']);
    const target = await openTarget(pid);
    const exact = await topFamilies(target);
    const held = [0, 0];
    for (let seed = 1000; seed < 1100; seed++) {
      const { families } = await sampleFamilies(target, { seed });
      for (const i of held.keys()) {
        expect(shapeText(families[i]!.shape)).toBe(shapeText(exact.families[i]!.shape));
        const { low, high } = families[i]!.share;
        const share = exact.families[i]!.bytes / exact.text.bytes;
        if (low <= share && share <= high) held[i]!++;
      }
    }
    target.close();
    expect(Math.min(...held)).toBeGreaterThanOrEqual(95);
  }, 240_000);

  it('finds its one huge text', async () => {
    const { pid, words } = await startTarget(compile('leak'), ['-m', '128', 'huge']);
    const target = await openTarget(pid);
    const { families, exact, scanned } = await sampleFamilies(target, { seed: 1 });
    target.close();
    expect(exact).toBeUndefined();
    expect(scanned).toBeLessThan(40 * (1 << 20));
    const [{ bytes, samples, locations }] = families as [(typeof families)[0]];
    expect(bytes.value / Number(words[0])).toBeCloseTo(1, 2);
    expect(samples).toHaveLength(1);
    expect(locations.map(({ kind }) => kind)).toEqual(['mmap-chunk']);
  });

  it('ends where the process does', async () => {
    const leak = await startTarget(compile('leak'), ['-m', '80', 'websocket']);
    const target = await openTarget(leak.pid);
    await leak.stop();
    await expect(sampleFamilies(target)).rejects.toMatchObject({ code: 'TARGET_ENDED' });
    target.close();
  });
});

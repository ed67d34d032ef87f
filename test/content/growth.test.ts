import { describe, expect, it } from 'vitest';

import { earlierFamilies, growthSince } from '../../src/content/growth.ts';
import { ContentScan } from '../../src/content/top.ts';
import { openTarget } from '../../src/index.ts';
import { newStats } from '../../src/scan/scan.ts';
import { startPuppet } from '../fixtures/puppet.ts';

describe('growth since a first scan', () => {
  it('is reported for one program only, even if it has ended since', async () => {
    const puppet = await startPuppet();
    const earlier = await earlierFamilies({ pid: puppet.pid, after: 1 }, {}, undefined);
    const time = performance.now();
    const target = await openTarget(puppet.pid);
    const scan = new ContentScan(target, {}, newStats());
    await scan.run(undefined);
    const { families } = scan.result();
    target.close();
    expect(families.length).toBeGreaterThan(0);
    const replaced = await startPuppet();
    const before = await earlierFamilies({ pid: replaced.pid, after: 1 }, {}, undefined);
    await Promise.all([puppet.stop(), replaced.exec()]);
    expect(growthSince(earlier, families, time).size).toBeGreaterThan(0);
    expect(() => growthSince(before, families, time)).toThrow(/ became another program \(exec\) meanwhile$/);
  });
});

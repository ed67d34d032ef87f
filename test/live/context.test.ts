import { describe, expect, it } from 'vitest';

import { Context } from '../../src/cli/show/context.ts';
import { openTarget, type Target } from '../../src/index.ts';
import { PAGE, type Puppet, startPuppet } from '../fixtures/puppet.ts';

const HIT = 'the hit';

/** Three pages, of which only the middle one was written to. */
async function placed(puppet: Puppet): Promise<{ readonly address: bigint; readonly target: Target }> {
  const area = await puppet.area(3 * PAGE);
  const address = area + BigInt(PAGE);
  await puppet.write(address, `${HIT} and more`);
  return { address, target: await openTarget(puppet.pid) };
}

describe('memory around a hit in a process', () => {
  it('has gaps where pages are not resident, and brings none in', async () => {
    const puppet = await startPuppet();
    const { address, target } = await placed(puppet);
    const hit = { address, length: HIT.length };
    const context = new Context(target, { before: 4, after: PAGE, hexdump: false }, undefined);
    for (let again = 0; again < 2; again++) {
      const { before, after } = context.json(hit);
      expect(before).toBe('????????');
      expect(Buffer.from(after.slice(0, 18), 'hex').toString()).toBe(' and more');
      expect(after.length).toBe(2 * PAGE);
      expect(after.slice(2 * (PAGE - HIT.length))).toBe('??'.repeat(HIT.length));
    }
    const rows = context.lines({ ...hit, length: PAGE }).split('\n');
    expect(rows).toEqual([
      `    0x${(address - 4n).toString(16).padStart(12, '0')}  (4 bytes are not in memory)`,
      `    0x${address.toString(16).padStart(12, '0')}  … 4096 bytes of the hit`,
      `    0x${(address + BigInt(PAGE)).toString(16).padStart(12, '0')}  (4096 bytes are not in memory)`,
      '',
    ]);
    target.close();
  });

  it('has gaps where memory is unmapped or unreadable', async () => {
    const puppet = await startPuppet();
    const { address, target } = await placed(puppet);
    const around = { before: 2 * PAGE, after: 2 * PAGE, hexdump: false };
    const { before, after } = new Context(target, around, undefined).json({ address, length: HIT.length });
    expect(before === '??'.repeat(2 * PAGE)).toBe(true);
    expect(after.slice(2 * (PAGE - HIT.length)) === '??'.repeat(PAGE + HIT.length)).toBe(true);
    expect(after.slice(0, 2 * (PAGE - HIT.length))).not.toContain('?');
    target.close();
  });
});

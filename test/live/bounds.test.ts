import { beforeAll, describe, expect, it } from 'vitest';

import { countStrings, openTarget } from '../../src/index.ts';
import { memscan } from '../fixtures/cli.ts';
import { MIB, type Puppet, startPuppet } from '../fixtures/puppet.ts';
import { threadsOf } from '../fixtures/stalled.ts';

const LENGTH = 64 * MIB;
const TEXT = 'one of many strings'.padEnd(255, '.') + '\0';

let puppet: Puppet;
let begin: bigint;

beforeAll(async () => {
  puppet = await startPuppet();
  begin = await puppet.map(LENGTH);
  await puppet.repeat(begin, LENGTH, TEXT);
  return () => puppet.stop();
});

const rangeOf = (bytes: number): string => `${begin.toString(16)}-${(begin + BigInt(bytes)).toString(16)}`;

/** Seconds a command takes. A machine may be slow, but it is never faster than a bound. */
async function timed(args: readonly string[]) {
  const start = performance.now();
  const outcome = await memscan([String(puppet.pid), ...args, '--no-progress']);
  return { ...outcome, seconds: (performance.now() - start) / 1000 };
}

describe('bounds', () => {
  it('hold a scan to --max-rate, and what is found is the same', async () => {
    const count = String(LENGTH / 256 / 8);
    const { seconds, stdout } = await timed(['--range', rangeOf(LENGTH / 8), '--count', '--max-rate', '8M']);
    expect(stdout).toBe(`${count}\n`);
    expect(seconds).toBeGreaterThan(0.8);
  });

  it('hold a dump to --max-rate', async () => {
    const start = performance.now();
    const args = ['dump', String(puppet.pid), '--range', rangeOf(8 * MIB), '-o', '-', '--max-rate', '8M'];
    const { code, stdout } = await memscan(args);
    expect([code, stdout.length]).toEqual([0, 8 * MIB]);
    expect(performance.now() - start).toBeGreaterThan(800);
  });

  it('hold a scan to --max-cpu, and what is found is the same', async () => {
    const part = ['--range', rangeOf(LENGTH / 8), '--json'];
    const free = await timed(part);
    const held = await timed([...part, '--max-cpu', '50%']);
    expect(held.stdout).toBe(free.stdout);
  });

  it('do not keep a scan that is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const target = await openTarget(puppet.pid);
    const counting = countStrings(target, { maxRate: MIB, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 100);
    await expect(counting).rejects.toBe(reason);
    target.close();
  });
});

describe('a command', () => {
  const nicenessOf = async (args: readonly string[]): Promise<Set<number>> =>
    new Set(
      (await threadsOf([String(puppet.pid), ...args]))
        .filter(({ status }) => status.get('Name') === 'memscan-read')
        .map(({ niceness }) => niceness),
    );

  it('lets others go first, with the threads that read', async () => {
    expect(await nicenessOf([])).toEqual(new Set([5]));
  });

  it('does not with --full-speed', async () => {
    expect(await nicenessOf(['--full-speed'])).toEqual(new Set([0]));
  });
});

describe('bad bounds', () => {
  it.each([
    [['--max-rate', '0'], 'bad --max-rate: 0'],
    [['--max-rate', '500K'], 'bad --max-rate: 500K'],
    [['--max-rate', 'fast'], 'bad --max-rate: fast'],
    [['--max-cpu', '0%'], 'bad --max-cpu: 0%'],
    [['--max-cpu', 'half'], 'bad --max-cpu: half'],
    [['--max-cpu', '50%', '--full-speed'], '--full-speed and --max-cpu do not go together'],
  ])('%j are told', async (args, message) => {
    const { code, stdout, stderr } = await memscan([String(puppet.pid), ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^memscan: ${message}\nmemscan: give .+\n$`));
  });
});

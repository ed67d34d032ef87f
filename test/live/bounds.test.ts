import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { countStrings, openTarget } from '../../src/index.ts';
import { memscan } from '../fixtures/cli.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { MIB, type Puppet, startPuppet } from '../fixtures/puppet.ts';
import { threadsOf } from '../fixtures/stalled.ts';

const LENGTH = 64 * MIB;
const COUNT_WAITS = join(import.meta.dirname, '../fixtures/count-waits.mjs');

const folder = temporaryFolder();

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

/** Runs a command and measures its seconds. A slow machine may take longer, but never less than a bound requires. */
async function timed(args: readonly string[]) {
  const start = performance.now();
  const outcome = await memscan([String(puppet.pid), ...args, '--no-progress']);
  return { ...outcome, seconds: (performance.now() - start) / 1000 };
}

/** How often a command waits for a time to pass, which only its bounds make it do. */
async function waiting(args: readonly string[]) {
  const path = join(folder, 'waits');
  const outcome = await memscan([...args, '--no-progress'], {
    NODE_OPTIONS: `--import=${COUNT_WAITS}`,
    MEMSCAN_TEST_WAITS: path,
  });
  return { ...outcome, waits: Number(readFileSync(path, 'utf8')) };
}

describe('bounds', () => {
  it('limit a scan to --max-rate, with the same result', async () => {
    const count = String(LENGTH / 256 / 8);
    const { seconds, stdout } = await timed(['--range', rangeOf(LENGTH / 8), '--count', '--max-rate', '8M']);
    expect(stdout).toBe(`${count}\n`);
    expect(seconds).toBeGreaterThan(0.8);
  });

  it('limit a dump to --max-rate', async () => {
    const start = performance.now();
    const args = ['dump', String(puppet.pid), '--range', rangeOf(8 * MIB), '-o', '-', '--max-rate', '8M'];
    const { code, stdout } = await memscan(args);
    expect([code, stdout.length]).toEqual([0, 8 * MIB]);
    expect(performance.now() - start).toBeGreaterThan(800);
  });

  // The CPU time of a scan depends on the machine; whether it waits depends on the bound.
  it.each([
    ['a scan', () => [String(puppet.pid), '--count']],
    ['a search', () => [String(puppet.pid), '--hex', '00 6f 6e 65', '--count']],
    ['top', () => ['top', String(puppet.pid), '--exact']],
    ['a sample', () => ['top', String(puppet.pid), '--sample']],
    ['a dump', () => ['dump', String(puppet.pid), '--force', '-o', join(folder, 'dump')]],
  ])('make %s wait by --max-cpu, and what is found is the same', async (_, argumentsOf) => {
    const args = [...argumentsOf(), '--range', rangeOf(LENGTH / 4)];
    const free = await waiting(args);
    const held = await waiting([...args, '--max-cpu', '5%']);
    expect(free.code).toBe(0);
    expect([held.code, held.stdout]).toEqual([free.code, free.stdout]);
    expect(free.waits).toBe(0);
    expect(held.waits).toBeGreaterThan(0);
  });

  it('do not delay the end of an aborted scan', async () => {
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

  it('lowers the priority of threads that read', async () => {
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

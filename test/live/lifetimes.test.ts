import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { join } from 'node:path';

import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import {
  countBytes,
  countStrings,
  openTarget,
  sampleFamilies,
  scanStrings,
  type Target,
  topFamilies,
} from '../../src/index.ts';
import { noCoverage } from '../../src/memory/coverage.ts';
import { MIB, type Puppet, startPuppet } from '../fixtures/puppet.ts';

const LENGTH = 256 * MIB;
const TEXT = 'one of many strings'.padEnd(255, '.') + '\0';

let puppet: Puppet;
let strings: number;

beforeAll(async () => {
  puppet = await startPuppet();
  await puppet.repeat(await puppet.map(LENGTH), LENGTH, TEXT);
  const target = await openTarget(puppet.pid);
  strings = await countStrings(target);
  target.close();
  return () => puppet.stop();
});

/** Runs a script of test/fixtures/lifetimes on the target, to its end. It must end by itself. */
async function runScript(script: string, args: readonly string[] = [], pid = puppet.pid) {
  const path = join(import.meta.dirname, '../fixtures/lifetimes', script);
  const child = spawn(process.execPath, ['--expose-gc', path, String(pid), ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (output.stdout += data));
  child.stderr.on('data', (data: Buffer) => (output.stderr += data));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, ...output };
}

async function openForTest(): Promise<Target> {
  const target = await openTarget(puppet.pid);
  onTestFinished(() => target.close());
  return target;
}

describe('worker threads', () => {
  it('may be terminated in the middle of a scan', async () => {
    const outcome = await runScript('terminate.mjs');
    expect(outcome).toEqual({ code: 0, signal: null, stdout: `${strings}\n`, stderr: '' });
  });

  it('scan at the same time, and all find the same', async () => {
    const { code, stdout, stderr } = await runScript('workers.mjs');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual([strings, strings, strings, strings, strings]);
  });
});

describe('a process that ends in the middle of a scan', () => {
  it.each([
    ['by process.exit, when a string has been found', 'first'],
    ['by process.exit, when jobs are under way', 'jobs'],
    ['by process.exit, when a worker scans', 'worker'],
    ['by coming to its end, with the scan forgotten', 'forget'],
  ])('%s: with its own exit code', async (_name, how) => {
    expect(await runScript('exit.mjs', [how])).toEqual({ code: 7, signal: null, stdout: '', stderr: '' });
  });

  it('by an exception: with code 1', async () => {
    const { code, signal, stderr } = await runScript('exit.mjs', ['throw']);
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    expect(stderr).toContain('thrown in the middle of a scan');
  });
});

describe('an AbortSignal', () => {
  const reason = new Error('enough');

  it('in flight: the iteration throws its reason', async () => {
    const controller = new AbortController();
    const target = await openForTest();
    let found = 0;
    const scan = async (): Promise<void> => {
      for await (const _ of scanStrings(target, { signal: controller.signal })) {
        if (found++ === 0) controller.abort(reason);
      }
    };
    await expect(scan()).rejects.toBe(reason);
    expect(found).toBe(1);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('in flight: a count throws its reason', async () => {
    const controller = new AbortController();
    const counting = expect(countStrings(await openForTest(), { signal: controller.signal })).rejects.toBe(
      reason,
    );
    setImmediate(() => controller.abort(reason));
    await counting;
  });

  it('before the scan: nothing is read', async () => {
    const scan = scanStrings(await openForTest(), { signal: AbortSignal.abort(reason) });
    await expect(scan[Symbol.asyncIterator]().next()).rejects.toBe(reason);
    expect(scan.stats.coverage.scanned).toBe(0);
  });

  it('after the scan: nothing happens', async () => {
    const controller = new AbortController();
    expect(await countStrings(await openForTest(), { signal: controller.signal })).toBe(strings);
    controller.abort(reason);
  });

  it('aborts one scan, and not another of the same target', async () => {
    const controller = new AbortController();
    const target = await openForTest();
    const other = countStrings(target);
    const aborted = expect(countStrings(target, { signal: controller.signal })).rejects.toBe(reason);
    setImmediate(() => controller.abort(reason));
    await aborted;
    expect(await other).toBe(strings);
  });
});

describe('a scan that is left', () => {
  it('by break can be followed by another one', async () => {
    const target = await openForTest();
    const scan = scanStrings(target);
    for await (const _ of scan) break;
    const { mapped, ...parts } = scan.stats.coverage;
    expect(parts.notReached).toBeGreaterThan(0);
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(mapped);
    expect(await countStrings(target)).toBe(strings);
  });

  it('by break, 100 times, leaves no job in flight', async () => {
    const target = await openForTest();
    for (let i = 0; i < 100; i++) for await (const _ of scanStrings(target)) break;
    expect(await countStrings(target)).toBe(strings);
  });
});

describe('a target that is closed', () => {
  const closed = expect.objectContaining({
    name: 'MemscanError',
    code: 'TARGET_CLOSED',
    message: expect.stringMatching(/^process \d+ was closed$/),
  });

  it('in the middle of a scan ends it with an error that says so', async () => {
    const target = await openForTest();
    const scan = async (): Promise<void> => {
      for await (const _ of scanStrings(target)) target.close();
    };
    await expect(scan()).rejects.toEqual(closed);
  });

  it('in the middle of a count ends it with an error that says so', async () => {
    const target = await openForTest();
    const counting = expect(countStrings(target)).rejects.toEqual(closed);
    setImmediate(() => target.close());
    await counting;
  });

  it('before a scan prevents it', async () => {
    const target = await openForTest();
    target.close();
    await expect(countStrings(target)).rejects.toEqual(closed);
  });

  it.each([
    ['a look', async (target: Target) => target.read(0n, 1)],
    ['the kinds of its regions', async (target: Target) => target.classifyRegions()],
    ['what is in memory', (target: Target) => target.residency()],
    ['what fills it', (target: Target) => topFamilies(target)],
    ['a sample of it', (target: Target) => sampleFamilies(target)],
    ['bytes in it', (target: Target) => countBytes(target, '00')],
  ])('refuses to return %s', async (_name, ask) => {
    const target = await openForTest();
    target.close();
    await expect(ask(target)).rejects.toEqual(closed);
  });

  it('between two listings of its pages ends them with the same error', async () => {
    const target = await openForTest();
    const look = async (): Promise<void> => {
      for await (const _ of target.spans({ all: true, ranges: [] }, noCoverage())) target.close();
    };
    await expect(look()).rejects.toEqual(closed);
  });

  it('may be closed again', async () => {
    const target = await openForTest();
    target.close();
    expect(() => target.close()).not.toThrow();
  });
});

describe('memory', () => {
  it('is freed when targets and scans are dropped with jobs in flight', async () => {
    expect(await runScript('gc.mjs')).toEqual({ code: 0, signal: null, stdout: '0\n', stderr: '' });
  });

  it('stays flat over 2,000 scans, after as many', async () => {
    const small = await startPuppet();
    const { code, stdout, stderr } = await runScript('many.mjs', [], small.pid);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { early, late } = JSON.parse(stdout) as Record<
      'early' | 'late',
      { rss: number; descriptors: number }
    >;
    expect(late.rss - early.rss).toBeLessThan(20 * MIB);
    expect(late.descriptors).toBe(early.descriptors);
  });
});

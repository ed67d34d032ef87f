import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isErrno } from '../../src/base/errno.ts';
import { openTarget, scanStrings } from '../../src/index.ts';
import { parseStat, parseStatus, readProc, statusBytes } from '../../src/proc/procfs.ts';
import { untilState } from '../fixtures/footprint.ts';
import { MIB, type Puppet, startPuppet } from '../fixtures/puppet.ts';

/** A name as prctl(PR_SET_NAME) takes it: 15 bytes, whatever they are. */
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 15 }),
  fc.constantFrom('a) R (b', ') Z 0 0 0 0 (', ')\n) Z (', '(((', '))))', ') ) ) ) ) ) ) )', ''),
);

describe('parseStat', () => {
  const rest = (state: string, flags: number, start: number): string =>
    `${state} 1 2 3 4 5 ${flags} 7 8 9 10 11 12 13 14 15 16 17 18 ${start} 20 21 ${'0 '.repeat(28)}\n`;

  it('counts from the last parenthesis, whatever the name', () => {
    fc.assert(
      fc.property(name, fc.constantFrom(...'RSDZTtXI'), fc.nat(), fc.nat(), (comm, state, flags, start) => {
        expect(parseStat(`4711 (${comm}) ${rest(state, flags, start)}`)).toMatchObject({
          state,
          isKernelThread: (flags & 0x200000) !== 0,
          startTime: String(start),
        });
      }),
    );
  });

  it('knows this process', () => {
    const stat = parseStat(readFileSync('/proc/self/stat', 'utf8'));
    expect(stat).toMatchObject({ state: 'R', isKernelThread: false });
    expect(Number(stat.startTime)).toBeGreaterThan(0);
  });

  it.each([') Z 0 0 0 0 (', 'a) R (b', ')\n) Z ('])('knows a process that is called %j', async (comm) => {
    const puppet = await startPuppet();
    const before = parseStat(readProc(puppet.pid, 'stat')!);
    await puppet.tell('rename', Buffer.from(comm).toString('hex'));
    await untilState(puppet.pid, 'S');
    expect(parseStat(readProc(puppet.pid, 'stat')!)).toEqual({ ...before, state: 'S' });
  });
});

describe('parseStatus', () => {
  it('keeps values as they are, and is not confused by the name', async () => {
    const puppet = await startPuppet();
    await puppet.tell('rename', Buffer.from('a\nUid:\t1:2\\').toString('hex'));
    const status = parseStatus(readProc(puppet.pid, 'status')!);
    expect(status.get('Uid')).toBe('0\t0\t0\t0');
    expect(status.get('Pid')).toBe(String(puppet.pid));
    expect(status.get('Name')).toBe(String.raw`a\nUid:` + '\t' + String.raw`1:2\\`);
  });

  it('of nothing is nothing', () => {
    expect(parseStatus('')).toEqual(new Map());
  });
});

describe('statusBytes', () => {
  const status = parseStatus('VmRSS:\t    1234 kB\nRssAnon:\t       2 kB\nName:\tVmRSS: 99 kB\n');

  it('adds fields up, in bytes', () => {
    expect(statusBytes(status, 'VmRSS', 'RssAnon')).toBe(1236 * 1024);
  });

  it('takes a missing field for 0', () => {
    expect(statusBytes(status, 'HugetlbPages')).toBe(0);
  });
});

describe('readProc', () => {
  it('is undefined where there is no such process', async () => {
    expect(readProc(2 ** 22 + 1, 'stat')).toBeUndefined();
    const puppet = await startPuppet();
    await puppet.stop();
    expect(readProc(puppet.pid, 'stat')).toBeUndefined();
  });

  it('throws what is another error', () => {
    expect(() => readProc(process.pid, 'fd')).toThrow(/EISDIR/);
  });
});

describe('isErrno', () => {
  it('knows system errors by their codes', () => {
    const error = Object.assign(new Error('no'), { code: 'ENOENT' });
    expect(isErrno(error, 'ESRCH', 'ENOENT')).toBe(true);
    expect(isErrno(error, 'ESRCH')).toBe(false);
    expect(isErrno(new Error('ENOENT'), 'ENOENT')).toBe(false);
    expect(isErrno({ code: 'ENOENT' }, 'ENOENT')).toBe(false);
  });
});

describe('what a target tells of its size', () => {
  /** Text of 16 MiB, anonymous, and as much shared memory. */
  async function filled(): Promise<Puppet> {
    const puppet = await startPuppet();
    await puppet.repeat(await puppet.map(16 * MIB), 16 * MIB, 'anonymous ');
    await puppet.repeat(await puppet.map(16 * MIB, { shared: true }), 16 * MIB, 'shared ');
    return puppet;
  }

  it('is what is read in the end, or nearly', async () => {
    const { pid } = await filled();
    const target = await openTarget(pid);
    for (const all of [false, true]) {
      const scan = scanStrings(target, { all, pattern: 'nowhere' });
      for await (const _ of scan) void _;
      const { scanned } = scan.stats.coverage;
      expect(Math.abs(target.expectedBytes({ all, ranges: [] }) - scanned), `all: ${all}`).toBeLessThan(
        2 * MIB,
      );
    }
    expect(target.residentBytes()).toBeGreaterThan(32 * MIB);
    target.close();
  });

  it('is no more than the ranges that are asked for', async () => {
    const { pid } = await filled();
    const target = await openTarget(pid);
    const { start } = target.classifyRegions()[0]!;
    expect(target.expectedBytes({ all: true, ranges: [{ start, end: start + 4096n }] })).toBe(4096);
    target.close();
  });

  it('is nothing once it has ended', async () => {
    const puppet = await filled();
    const target = await openTarget(puppet.pid);
    await puppet.stop();
    expect(target.residentBytes()).toBe(0);
    target.close();
  });
});

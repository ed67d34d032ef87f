import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isErrno } from '../../src/base/errno.ts';
import { openTarget, scanStrings } from '../../src/index.ts';
import { parseStat, parseStatus, readProc, statusBytes } from '../../src/proc/procfs.ts';
import { untilState } from '../fixtures/footprint.ts';
import { MIB, type Puppet, startPuppet } from '../fixtures/puppet.ts';

/** A name that prctl(PR_SET_NAME) accepts: any 15 bytes. */
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

  it('parses the stat of this process', () => {
    const stat = parseStat(readFileSync('/proc/self/stat', 'utf8'));
    expect(stat).toMatchObject({ state: 'R', isKernelThread: false });
    expect(Number(stat.startTime)).toBeGreaterThan(0);
  });

  it.each([') Z 0 0 0 0 (', 'a) R (b', ')\n) Z ('])('parses the stat of a process named %j', async (comm) => {
    const puppet = await startPuppet();
    const before = parseStat(readProc(puppet.pid, 'stat')!);
    await puppet.tell('rename', Buffer.from(comm).toString('hex'));
    await untilState(puppet.pid, 'S');
    expect(parseStat(readProc(puppet.pid, 'stat')!)).toEqual({ ...before, state: 'S' });
  });
});

describe('parseStatus', () => {
  it('keeps values unchanged, whatever the name', async () => {
    const puppet = await startPuppet();
    await puppet.tell('rename', Buffer.from('a\nUid:\t1:2\\').toString('hex'));
    const status = parseStatus(readProc(puppet.pid, 'status')!);
    expect(status.get('Uid')).toBe('0\t0\t0\t0');
    expect(status.get('Pid')).toBe(String(puppet.pid));
    expect(status.get('Name')).toBe(String.raw`a\nUid:` + '\t' + String.raw`1:2\\`);
  });

  it('returns no fields for an empty text', () => {
    expect(parseStatus('')).toEqual(new Map());
  });
});

describe('statusBytes', () => {
  const status = parseStatus('VmRSS:\t    1234 kB\nRssAnon:\t       2 kB\nName:\tVmRSS: 99 kB\n');

  it('adds fields up, in bytes', () => {
    expect(statusBytes(status, 'VmRSS', 'RssAnon')).toBe(1236 * 1024);
  });

  it('counts a missing field as 0', () => {
    expect(statusBytes(status, 'HugetlbPages')).toBe(0);
  });
});

describe('readProc', () => {
  it('returns undefined if there is no such process', async () => {
    expect(readProc(2 ** 22 + 1, 'stat')).toBeUndefined();
    const puppet = await startPuppet();
    await puppet.stop();
    expect(readProc(puppet.pid, 'stat')).toBeUndefined();
  });

  it('throws other errors', () => {
    expect(() => readProc(process.pid, 'fd')).toThrow(/EISDIR/);
  });
});

describe('isErrno', () => {
  it('recognises system errors by their codes', () => {
    const error = Object.assign(new Error('no'), { code: 'ENOENT' });
    expect(isErrno(error, 'ESRCH', 'ENOENT')).toBe(true);
    expect(isErrno(error, 'ESRCH')).toBe(false);
    expect(isErrno(new Error('ENOENT'), 'ENOENT')).toBe(false);
    expect(isErrno({ code: 'ENOENT' }, 'ENOENT')).toBe(false);
  });
});

describe('the size that a target reports', () => {
  /** Starts a target with 16 MiB of text in anonymous and as much in shared memory. */
  async function filled(): Promise<Puppet> {
    const puppet = await startPuppet();
    await puppet.repeat(await puppet.map(16 * MIB), 16 * MIB, 'anonymous ');
    await puppet.repeat(await puppet.map(16 * MIB, { shared: true }), 16 * MIB, 'shared ');
    return puppet;
  }

  it('is close to the bytes that a scan reads', async () => {
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

  it('is at most the size of the selected ranges', async () => {
    const { pid } = await filled();
    const target = await openTarget(pid);
    const { start } = target.classifyRegions()[0]!;
    expect(target.expectedBytes({ all: true, ranges: [{ start, end: start + 4096n }] })).toBe(4096);
    target.close();
  });

  it('is 0 once it has ended', async () => {
    const puppet = await filled();
    const target = await openTarget(puppet.pid);
    await puppet.stop();
    expect(target.residentBytes()).toBe(0);
    target.close();
  });
});

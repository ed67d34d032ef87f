import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { openTarget, type Range, type Region, scanStrings, type Target } from '../../src/index.ts';
import { parseMaps } from '../../src/proc/maps.ts';
import { withEnvironment } from '../fixtures/environment.ts';
import { smapsOf, untilState } from '../fixtures/footprint.ts';
import { startTarget } from '../fixtures/process.ts';
import { MIB, PAGE, startPuppet } from '../fixtures/puppet.ts';

const DISK = '08:01';
const MEMORY = '00:01';
const isMemoryDevice = (dev: string): boolean => dev === MEMORY;

const withoutKind = (region: Region): object => ({ ...region, kind: undefined });

interface Line {
  readonly start: bigint;
  readonly length: bigint;
  readonly perms: string;
  readonly offset: bigint;
  readonly dev: string;
  readonly inode: bigint;
  readonly pathname: string;
}

const hex = (number: bigint, digits = 8): string => number.toString(16).padStart(digits, '0');

/** Formats a line as show_vma_header_prefix() and seq_pad() do: linux/fs/proc/task_mmu.c. */
function print({ start, length, perms, offset, dev, inode, pathname }: Line): string {
  const fields = `${hex(start)}-${hex(start + length)} ${perms} ${hex(offset)} ${dev} ${inode} `;
  return pathname === '' ? `${fields}\n` : `${fields.padEnd(73)}${pathname}\n`;
}

/** Moves lines so that each starts after the end of the one before. */
function apart(lines: readonly Line[]): Line[] {
  let end = 0n;
  return lines.map((line) => {
    const start = end + line.start;
    end = start + line.length;
    return { ...line, start };
  });
}

// Any process may choose such names. The kernel writes a line feed as \012.
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' (deleted)',
    '/ ',
    '  two  spaces  ',
    '\\012',
    '\\',
    '\r',
    '\u2028',
    '\u0085',
    '\x1b[2J',
    '[heap]',
    '/memfd:x (deleted)',
    '/dev/shm/x',
    '7f0000000000-7f0000001000 rw-p 00000000 00:00 0                          [heap]',
    '7f0000000000-7f0000001000 rw-p 00000000 00:00 0',
  ),
);
const pathname = fc
  .array(hostile, { maxLength: 4 })
  .map((parts) => `/${parts.join('').replaceAll('\n', String.raw`\012`)}`);

const line: fc.Arbitrary<Line> = fc.record({
  start: fc.bigInt({ min: 0n, max: 2n ** 64n - 2n ** 40n }),
  length: fc.bigInt({ min: 1n, max: 2n ** 40n }),
  perms: fc.constantFrom('rw-p', 'r--p', 'r-xp', '---p', 'rwxs', '-w-s', '--xp'),
  offset: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  dev: fc.constantFrom(DISK, MEMORY, '00:00', '103:20001', 'fe:00'),
  inode: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  pathname: fc.oneof(pathname, fc.constant('')),
});

describe('parseMaps', () => {
  it('reads every field of every line, whatever the pathnames', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }).map(apart), (lines) => {
        const parsed = parseMaps(lines.map(print).join(''), isMemoryDevice);
        expect(parsed.map(withoutKind)).toEqual(
          lines.map(({ start, length, ...rest }) => ({
            start,
            end: start + length,
            ...rest,
            kind: undefined,
            facts: {},
          })),
        );
      }),
    );
  });

  it('prefers the earlier of two lines that overlap: the kernel may list memory twice', () => {
    const text = [
      '7f0000000000-7f0000003000 rw-p 00000000 00:00 0 \n',
      '7f0000001000-7f0000005000 r--p 00000000 00:00 0 \n',
      '7f0000002000-7f0000004000 rw-p 00000000 00:00 0 \n',
    ].join('');
    expect(parseMaps(text, isMemoryDevice)).toMatchObject([
      { start: 0x7f0000000000n, end: 0x7f0000003000n, perms: 'rw-p' },
      { start: 0x7f0000003000n, end: 0x7f0000005000n, perms: 'r--p' },
    ]);
  });

  it('does not recognise memory by its name, only by device and inode', () => {
    fc.assert(
      fc.property(line, (one) => {
        const onDisk = { ...one, dev: DISK, inode: one.inode + 1n };
        const [region] = parseMaps(print(onDisk), isMemoryDevice);
        expect(['file', 'special']).toContain(region!.kind);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['an empty line', '\n'],
    ['other text', 'Size: 4 kB\nVmFlags: rd wr\n'],
    ['a line that was cut', '00400000-00401000 r-x'],
  ])('finds no region in %s', (_name, text) => {
    expect(parseMaps(text, isMemoryDevice)).toEqual([]);
  });

  it.each([
    ['', '00:00', 0n, 'anon'],
    ['[anon:name]', '00:00', 0n, 'anon'],
    ['[anon:heap]', '00:00', 0n, 'anon'],
    ['[stack:4711]', '00:00', 0n, 'anon'],
    ['[anon_shmem:name]', MEMORY, 1024n, 'shared'],
    ['[heap]', '00:00', 0n, 'heap'],
    ['[stack]', '00:00', 0n, 'stack'],
    ['[vdso]', '00:00', 0n, 'special'],
    ['[vvar]', '00:00', 0n, 'special'],
    ['[vvar_vclock]', '00:00', 0n, 'special'],
    ['[vsyscall]', '00:00', 0n, 'special'],
    ['[uprobes]', '00:00', 0n, 'special'],
    ['/usr/bin/node', DISK, 17n, 'file'],
    ['/home/me/[heap]', DISK, 17n, 'file'],
    ['/memfd:looks like one (deleted)', DISK, 17n, 'file'],
    ['/memfd:is one (deleted)', MEMORY, 17n, 'shared'],
    ['/dev/shm/segment', MEMORY, 17n, 'shared'],
    ['/dev/hugepages/segment', MEMORY, 17n, 'shared'],
    ['/dev/zero (deleted)', MEMORY, 17n, 'shared'],
    ['/SYSV00000000 (deleted)', MEMORY, 32768n, 'shared'],
    ['/SYSV00000000 (deleted), the first', MEMORY, 0n, 'shared'],
    ['/tmp/on a tmpfs', MEMORY, 17n, 'shared'],
    ['/dev/nvidia0', '00:05', 17n, 'special'],
    ['/dev/dri/renderD128', '00:05', 17n, 'special'],
    ['/dev/mem (deleted)', '00:05', 17n, 'special'],
    ['anon_inode:[perf_event]', '00:0f', 17n, 'special'],
    ['anon_inode:[io_uring]', '00:0f', 17n, 'special'],
    ['socket:[4711]', '00:09', 17n, 'special'],
  ])('%j on %s with inode %d is %s', (name, dev, inode, kind) => {
    const text = print({
      start: 0x1000n,
      length: 0x1000n,
      perms: 'rw-p',
      offset: 0n,
      dev,
      inode,
      pathname: name,
    });
    expect(parseMaps(text, isMemoryDevice)).toMatchObject([{ pathname: name, kind }]);
  });

  // Container runtimes make /dev a tmpfs: devices there are on a memory device, but are not memory.
  it.each(['/dev/nvidia0', '/dev/dri/card0', '/dev/mem'])(
    '%s on a tmpfs is a device all the same',
    (name) => {
      const dev = MEMORY;
      const text = print({
        start: 0x1000n,
        length: 0x1000n,
        perms: 'rw-s',
        offset: 0n,
        dev,
        inode: 5n,
        pathname: name,
      });
      expect(parseMaps(text, isMemoryDevice)).toMatchObject([{ kind: 'special' }]);
    },
  );
});

/** Starts Node and stops it, so that its memory does not change while a test compares views of it. */
async function stoppedNode(): Promise<number> {
  const code =
    'globalThis.kept = Buffer.alloc(1 << 24, "kept in memory "); console.log("ready"); setInterval(() => {}, 1 << 30)';
  const { pid } = await startTarget(process.execPath, ['-e', code]);
  process.kill(pid, 'SIGSTOP');
  await untilState(pid, 'T');
  return pid;
}

/** The target's regions, after joining those that are parts of one line of maps. */
function lineRegions(target: Target, pid: number): Region[] {
  return smapsOf(pid).map(({ header }) => {
    const [line] = parseMaps(`${header}\n`, () => false);
    const parts = target
      .classifyRegions()
      .filter(({ start, end }) => start >= line!.start && end <= line!.end);
    parts.slice(1).forEach((part, i) => expect(part.start).toBe(parts[i]!.end));
    expect([parts[0]?.start, parts.at(-1)?.end], header).toEqual([line!.start, line!.end]);
    return { ...parts[0]!, end: line!.end, facts: {} };
  });
}

async function puppetOfAllKinds(): Promise<number> {
  const puppet = await startPuppet();
  await puppet.repeat(await puppet.map(8 * MIB), 8 * MIB, 'anonymous ');
  await puppet.repeat(await puppet.map(4 * MIB, { shared: true }), 2 * MIB, 'shared ');
  const fd = await puppet.memoryFile('memfd', 64 * PAGE);
  await puppet.touch(await puppet.map(64 * PAGE, { fd, shared: true }), 32 * PAGE);
  await puppet.tell('read', await puppet.map(64 * PAGE), 64 * PAGE); // zeros
  process.kill(puppet.pid, 'SIGSTOP');
  await untilState(puppet.pid, 'T');
  return puppet.pid;
}

describe.each([
  ['node', stoppedNode],
  ['a process with memory of all kinds', puppetOfAllKinds],
])('the regions of %s', (_name, start) => {
  it('agree with smaps, line by line', async () => {
    const pid = await start();
    const target = await openTarget(pid);
    const expected = parseMaps(
      smapsOf(pid)
        .map(({ header }) => `${header}\n`)
        .join(''),
      () => false,
    );
    expect(lineRegions(target, pid).map(withoutKind)).toEqual(expected.map(withoutKind));
    target.close();
  });

  it('are special if smaps marks them as devices (io, pf)', async () => {
    const pid = await start();
    const target = await openTarget(pid);
    const regions = lineRegions(target, pid);
    const devices = smapsOf(pid).flatMap(({ flags, header }, index) =>
      flags.includes('io') || flags.includes('pf') ? [`${regions[index]!.kind} ${header}`] : [],
    );
    expect(devices).toContainEqual(expect.stringMatching(/^special .*\[vvar\]$/));
    expect(devices.filter((text) => !text.startsWith('special '))).toEqual([]);
    target.close();
  });

  // The counters of /proc/PID/status may lag behind by some pages per CPU; smaps counts page by page.
  it('have as many anonymous and shared bytes in memory as smaps counts, by default', async () => {
    const pid = await start();
    const target = await openTarget(pid);
    const regions = lineRegions(target, pid);
    const expected = smapsOf(pid).map((region, index) => {
      const kind = regions[index]!.kind;
      if (kind === 'special' || !regions[index]!.perms.startsWith('r')) return 0;
      return 1024 * region.kilobytes(kind === 'shared' ? 'Rss' : 'Anonymous');
    });
    for (const [index, region] of regions.entries()) {
      expect(await scannedBytes(pid, { ranges: [region] }), region.pathname).toBe(expected[index]);
    }
    const sum = expected.reduce((total, bytes) => total + bytes, 0);
    expect(await scannedBytes(pid, {})).toBe(sum);
    expect(sum).toBeGreaterThan(10 * MIB);
    target.close();
  });

  it('have as many bytes of all kinds in memory as smaps counts', async () => {
    const pid = await start();
    const target = await openTarget(pid);
    const regions = lineRegions(target, pid);
    const expected = smapsOf(pid).reduce((sum, region, index) => {
      const { kind, perms } = regions[index]!;
      return kind === 'special' || !perms.startsWith('r') ? sum : sum + 1024 * region.kilobytes('Rss');
    }, 0);
    expect(await scannedBytes(pid, { all: true })).toBe(expected);
    target.close();
  });

  it('give the same strings by PAGEMAP_SCAN and by entries of pagemap', async () => {
    const pid = await start();
    const texts = (): Promise<string[]> => stringsOf(pid);
    const byScan = await texts();
    const byEntries = await withEnvironment('MEMSCAN_PAGEMAP', 'entries', texts);
    expect(byEntries).toEqual(byScan);
    expect(byScan.length).toBeGreaterThan(2);
  });
});

async function scannedBytes(
  pid: number,
  options: { ranges?: readonly Range[]; all?: boolean },
): Promise<number> {
  const target = await openTarget(pid);
  const scan = scanStrings(target, { ...options, pattern: 'nowhere to be found' });
  for await (const _ of scan) void _;
  target.close();
  return scan.stats.coverage.scanned;
}

async function stringsOf(pid: number): Promise<string[]> {
  const target = await openTarget(pid);
  const found: string[] = [];
  for await (const { address, length } of scanStrings(target)) found.push(`${address} ${length}`);
  target.close();
  return found;
}

describe('device memory in a container, whose /dev is a tmpfs', () => {
  it('is special, and not read', async ({ skip }) => {
    const puppet = await startPuppet();
    await puppet.tell('container-dev');
    const fd = await puppet
      .openFile('/dev/mem')
      .catch((error: Error) => skip(`no /dev/mem: ${error.message}`));
    const mapped = puppet.map(PAGE, { fd, prot: 'r', shared: true, offset: 0xf0000 });
    const address = await mapped.catch((error: Error) => skip(`/dev/mem cannot be mapped: ${error.message}`));
    const target = await openTarget(puppet.pid);
    expect(target.classifyRegions().find(({ start }) => start === address)).toMatchObject({
      kind: 'special',
    });
    target.close();
    expect(
      await scannedBytes(puppet.pid, { ranges: [{ start: address, end: address + BigInt(PAGE) }] }),
    ).toBe(0);
  });
});

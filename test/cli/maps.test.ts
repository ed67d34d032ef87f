import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { linesOf, memscan } from '../fixtures/cli.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { Advice, MIB, PAGE, type Puppet, startPuppet } from '../fixtures/puppet.ts';
import { provideSwap } from '../fixtures/system.ts';

const folder = temporaryFolder();

interface KindLine {
  readonly type: 'kind';
  readonly kind: string;
  readonly count: number;
  readonly size: number;
  readonly resident: number;
  readonly swapped: number;
}

interface RegionLine {
  readonly type: 'region';
  readonly start: string;
  readonly end: string;
  readonly size: number;
  readonly resident: number;
  readonly again?: number;
  readonly kind: string;
  readonly pathname: string;
}

async function mapsJson(pid: number, ...args: string[]) {
  const { code, stdout, stderr } = await memscan(['maps', String(pid), '--json', ...args]);
  expect(stderr).toBe('');
  const objects = linesOf(stdout).map((line) => JSON.parse(line) as { type: string });
  return {
    code,
    head: objects[0] as unknown as { type: string; title: string; resident: number },
    kinds: objects.filter(({ type }) => type === 'kind') as unknown as KindLine[],
    regions: objects.filter(({ type }) => type === 'region') as unknown as RegionLine[],
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Of /proc/PID/status, in bytes. */
function statusBytes(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)![1]);
}

async function stopped(): Promise<Puppet> {
  const puppet = await startPuppet();
  await puppet.touch(await puppet.map(8 * MIB), 3 * MIB);
  await puppet.touch(await puppet.map(4 * MIB, { shared: true }), 2 * MIB);
  process.kill(puppet.pid, 'SIGSTOP');
  return puppet;
}

describe('memscan maps', () => {
  it('adds up to VmRSS, to the page', async () => {
    const { pid } = await stopped();
    for (const pagemap of ['', 'entries']) {
      const { stdout } = await memscan(['maps', String(pid), '--json'], { MEMSCAN_PAGEMAP: pagemap });
      const kinds = linesOf(stdout)
        .map((line) => JSON.parse(line) as KindLine)
        .filter(({ type }) => type === 'kind');
      expect(sum(kinds.map(({ resident }) => resident))).toBe(statusBytes(pid, 'VmRSS'));
    }
  });

  it('tells the kernel’s own sums apart by kind', async () => {
    const { pid } = await stopped();
    const { kinds, regions, head } = await mapsJson(pid);
    const resident = (...names: string[]): number =>
      sum(kinds.filter(({ kind }) => names.includes(kind)).map((kind) => kind.resident));
    expect(resident('shared')).toBe(statusBytes(pid, 'RssShmem'));
    expect(resident('file', 'special')).toBe(statusBytes(pid, 'RssFile'));
    expect(sum(kinds.map((kind) => kind.resident)) - resident('file', 'special', 'shared')).toBe(
      statusBytes(pid, 'RssAnon'),
    );
    expect(sum(kinds.map(({ count }) => count))).toBe(regions.length);
    expect(sum(kinds.map(({ size }) => size))).toBe(sum(regions.map(({ size }) => size)));
    expect(head).toMatchObject({ type: 'process', resident: statusBytes(pid, 'VmRSS') });
    expect(head.title).toMatch(new RegExp(`^process ${pid} \\(puppet`));
  });

  it('covers what /proc/PID/maps does', async () => {
    const { pid } = await stopped();
    const { kinds } = await mapsJson(pid);
    const mapped = readFileSync(`/proc/${pid}/maps`, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) =>
        line
          .split(' ')[0]!
          .split('-')
          .map((hex) => BigInt(`0x${hex}`)),
      )
      .map(([start, end]) => Number(end! - start!));
    expect(sum(kinds.map(({ size }) => size))).toBe(sum(mapped));
  });

  it('tells swapped memory', async ({ skip }) => {
    const undo = await provideSwap(64 * MIB);
    if (typeof undo === 'string') skip(undo);
    else onTestFinished(undo);
    const puppet = await startPuppet();
    const area = await puppet.area(4 * MIB);
    await puppet.repeat(area, 4 * MIB, 'to be swapped out ');
    for (let attempt = 0; attempt < 100; attempt++) await puppet.advise(area, 4 * MIB, Advice.pageOut);
    const swapped = statusBytes(puppet.pid, 'VmSwap');
    expect(swapped).toBeGreaterThan(0);
    const { kinds } = await mapsJson(puppet.pid);
    expect(sum(kinds.map((kind) => kind.swapped))).toBe(swapped);
  });

  it('does not take guard pages for swapped memory', async ({ skip }) => {
    const puppet = await startPuppet();
    const area = await puppet.area(16 * PAGE);
    const guarded = await puppet.advise(area, 4 * PAGE, Advice.guardInstall).then(
      () => true,
      () => false,
    );
    skip(!guarded, 'this kernel has no MADV_GUARD_INSTALL (Linux 6.13)');
    const { kinds } = await mapsJson(puppet.pid);
    expect(sum(kinds.map((kind) => kind.swapped))).toBe(statusBytes(puppet.pid, 'VmSwap'));
  });

  it('counts memory that is mapped twice once', async () => {
    const puppet = await startPuppet();
    const fd = await puppet.memoryFile('memfd', 4 * MIB);
    const first = await puppet.map(4 * MIB, { shared: true, fd });
    const second = await puppet.map(4 * MIB, { shared: true, fd });
    await puppet.touch(first, 3 * MIB);
    await puppet.touch(second, 2 * MIB);
    const { kinds, regions } = await mapsJson(puppet.pid, '--only', 'shared');
    expect(kinds).toMatchObject([{ kind: 'shared', resident: 3 * MIB }]);
    expect(sum(regions.map(({ again = 0 }) => again))).toBe(2 * MIB);
    expect(sum(regions.map(({ resident }) => resident))).toBe(statusBytes(puppet.pid, 'RssShmem'));
    const { stdout } = await memscan(['maps', String(puppet.pid), '--only', 'shared']);
    expect(stdout).toMatch(/^mapped once more +2 MiB$/m);
  });

  it('shows the largest regions first, or as asked', async () => {
    const { pid } = await stopped();
    const { regions } = await mapsJson(pid);
    const values = (list: readonly RegionLine[], field: 'resident' | 'size'): number[] =>
      list.map((r) => r[field]);
    const falling = (numbers: number[]): number[] => numbers.toSorted((a, b) => b - a);
    expect(values(regions, 'resident')).toEqual(falling(values(regions, 'resident')));
    const bySize = (await mapsJson(pid, '--sort', 'size')).regions;
    expect(values(bySize, 'size')).toEqual(falling(values(bySize, 'size')));
    const starts = (await mapsJson(pid, '--sort', 'address')).regions.map(({ start }) => BigInt(start));
    expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? -1 : 1)));
    expect((await mapsJson(pid, '--limit', '3')).regions).toEqual(regions.slice(0, 3));
    const { stdout } = await memscan(['maps', String(pid), '--limit', '2', '--bytes']);
    expect(stdout).toContain(` ${regions[0]!.resident.toString().replace(/\B(?=(\d{3})+$)/g, ',')}  `);
    expect(linesOf(stdout).at(-1)).toBe(`… and ${regions.length - 2} more regions: see --limit`);
  });

  it('shows what was chosen', async () => {
    const puppet = await stopped();
    const { regions } = await mapsJson(puppet.pid);
    const kindsOf = async (...args: string[]): Promise<string[]> =>
      (await mapsJson(puppet.pid, ...args)).kinds.map(({ kind }) => kind).toSorted();
    const all = [...new Set(regions.map(({ kind }) => kind))].toSorted();
    expect(await kindsOf()).toEqual(all);
    expect(await kindsOf('--only', 'heap,stack')).toEqual(['heap', 'stack']);
    expect(await kindsOf('--only', 'heap', '--only', 'stack')).toEqual(['heap', 'stack']);
    expect(await kindsOf('--skip', 'heap')).toEqual(all.filter((kind) => kind !== 'heap'));
    expect(await kindsOf('--off-heap')).toEqual(all.filter((kind) => kind !== 'file' && kind !== 'special'));
    const larger = (await mapsJson(puppet.pid, '--larger', '2M')).regions;
    expect(larger).toEqual(regions.filter(({ resident }) => resident >= 2 * MIB));
    const { start, end } = regions[0]!;
    expect((await mapsJson(puppet.pid, '--range', `${start}-${end}`)).regions).toEqual([regions[0]]);
    expect((await mapsJson(puppet.pid, '--only', 'java-heap')).code).toBe(1);
  });

  it('shows hostile names escaped, and fits the terminal', async () => {
    const name = 'a b\n\u001b]0;owned\u0007 \u202e (deleted)'.padEnd(200, 'x');
    const path = join(folder, name);
    writeFileSync(path, Buffer.alloc(PAGE, 'a'));
    const puppet = await startPuppet();
    // The puppet takes no spaces.
    const file = openSync(path, 'r');
    const fd = await puppet.openFile(`/proc/${process.pid}/fd/${file}`);
    closeSync(file);
    await puppet.map(PAGE, { fd, prot: 'r' });
    const { stdout } = await memscan(['maps', String(puppet.pid), '--limit', '0']);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(stdout).toContain('\\u{202e}');
    const { regions } = await mapsJson(puppet.pid);
    expect(regions.find(({ pathname }) => pathname.includes('owned'))).toBeDefined();
  });

  it('fits the width of a terminal', async ({ skip }) => {
    skip(!hasScript(), 'script(1) is not installed');
    const puppet = await startPuppet();
    const output = execFileSync(
      'script',
      [
        '-qec',
        `stty cols 90; ${process.execPath} ${process.cwd()}/bin/memscan.js maps ${puppet.pid}`,
        '/dev/null',
      ],
      { encoding: 'utf8' },
    );
    const widths = output.split(/\r?\n/).map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(90);
    expect(output).toContain('KIND');
  });

  it.each([
    [['maps'], 'no target given'],
    [['maps', '1', '2'], 'one target at a time, but there is also: 2'],
    [['maps', '1', '--only', 'nonsense'], 'unknown kind of region: nonsense'],
    [['maps', '1', '--sort', 'nonsense'], 'bad --sort: nonsense'],
    [['maps', '1', '--larger', 'much'], 'bad --larger: much'],
    [['maps', '1', '--grep', 'x'], 'unknown option: --grep'],
  ])('%j: an error in two lines', async (args, message) => {
    const { code, stdout, stderr } = await memscan(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(linesOf(stderr)[0]).toBe(`memscan: ${message}`);
    expect(linesOf(stderr)).toHaveLength(2);
  });

  it('names all kinds where one is unknown', async () => {
    const { stderr } = await memscan(['maps', '1', '--skip', 'nonsense']);
    expect(stderr).toContain('arena, mmap-chunk, stack, thread-stack, java-heap');
  });
});

function hasScript(): boolean {
  try {
    execFileSync('script', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('memscan <pid> with a choice of regions', () => {
  /** The same text in four kinds of memory. */
  async function withTexts(): Promise<Puppet> {
    const puppet = await startPuppet();
    const places = [
      await puppet.tell('allocate', 4096),
      await puppet.tell('stack'),
      await puppet.tell('data'),
      await puppet.map(PAGE, { shared: true }),
      await puppet.map(PAGE),
    ];
    for (const place of places) await puppet.write(place, 'the same text everywhere\0');
    return puppet;
  }

  async function kindsOfHits(puppet: Puppet, ...args: string[]): Promise<string[]> {
    const { stdout } = await memscan([
      String(puppet.pid),
      '-F',
      '-g',
      'the same text everywhere',
      '--json',
      '--no-progress',
      ...args,
    ]);
    return linesOf(stdout)
      .map((line) => (JSON.parse(line) as { region: { kind: string } }).region.kind)
      .toSorted();
  }

  it('reads only that', async () => {
    const puppet = await withTexts();
    const all = ['anon', 'file-data', 'heap', 'shared', 'stack'];
    expect(await kindsOfHits(puppet)).toEqual(all);
    expect(await kindsOfHits(puppet, '--all')).toEqual(all);
    for (const kind of all) {
      expect(await kindsOfHits(puppet, '--only', kind)).toEqual([kind]);
      expect(await kindsOfHits(puppet, '--skip', kind)).toEqual(all.filter((other) => other !== kind));
    }
    expect(await kindsOfHits(puppet, '--only', 'heap,file-data')).toEqual(['file-data', 'heap']);
    expect(await kindsOfHits(puppet, '--off-heap')).toEqual(all);
    expect(await kindsOfHits(puppet, '--larger', '1T')).toEqual([]);
  });

  it('says how much was not chosen', async () => {
    const puppet = await withTexts();
    const { stderr } = await memscan([String(puppet.pid), '--only', 'stack', '-c']);
    expect(stderr).toMatch(/left out: .*[\d.]+ [KM]iB not chosen/);
  });

  it('shows the kind in each line of text', async () => {
    const puppet = await withTexts();
    const { stdout } = await memscan([String(puppet.pid), '-F', '-g', 'the same text everywhere']);
    const kinds = linesOf(stdout).map(
      (line) => /^0x[0-9a-f]{12} {2}(\S+)(?: main)? +the same text everywhere$/.exec(line)![1],
    );
    expect(new Set(kinds)).toEqual(new Set(['anon', 'file-data', 'heap', 'shared', 'stack']));
    expect(kinds).toHaveLength(5);
  });

  it('reads memory that is mapped twice once', async () => {
    const puppet = await startPuppet();
    const fd = await puppet.memoryFile('memfd', 16 * PAGE);
    const first = await puppet.map(16 * PAGE, { shared: true, fd });
    const second = await puppet.map(8 * PAGE, { shared: true, fd, offset: 4 * PAGE });
    await puppet.touch(second, 8 * PAGE);
    await puppet.write(first, 'seen through the first only\0');
    await puppet.write(first + BigInt(5 * PAGE), 'seen through both of them\0');
    await puppet.write(second + BigInt(7 * PAGE), 'written through the second\0');
    const { stdout } = await memscan([
      String(puppet.pid),
      '--only',
      'shared',
      '--no-progress',
      '--no-address',
    ]);
    expect(linesOf(stdout).toSorted()).toEqual([
      'seen through both of them',
      'seen through the first only',
      'written through the second',
    ]);
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { note } from '../../src/dump/elf-core.ts';
import { NT_AUXV, NT_FILE } from '../../src/elf/format.ts';
import { noCoverage } from '../../src/memory/coverage.ts';
import { compile } from '../fixtures/compile.ts';
import { at, CoreFolder, coreOf, page, withTarget } from '../fixtures/cores.ts';
import { addressesOf, freeze, stringsOf } from '../fixtures/dumps.ts';
import { startTarget } from '../fixtures/process.ts';
import { PAGE, Puppet } from '../fixtures/puppet.ts';

const folder = new CoreFolder();
afterAll(() => folder.remove());

describe('a core', () => {
  it('is scanned by address, with regions from its segments', async () => {
    const loads = [
      { ...at(0x10000, 4, PAGE, 1), perms: 'r-xp' },
      at(0x20000, 1, 2 * PAGE),
      at(0x21000, 2, 3 * PAGE, 0),
    ];
    const path = folder.fileOf(
      coreOf(loads, Buffer.concat([page('the first text'), page('the second text')])),
    );
    expect(addressesOf(await stringsOf(path))).toEqual(['0x10000 the first text', '0x20000 the second text']);
    await withTarget(path, async (target) => {
      expect(target.kind).toBe('core');
      expect(target.classifyRegions().map(({ start, perms, kind }) => [start, perms, kind])).toEqual([
        [0x10000n, 'r-xp', 'jit'],
        [0x20000n, 'rw-p', 'anon'],
        [0x21000n, 'rw-p', 'anon'],
      ]);
      expect(target.residentBytes()).toBe(2 * PAGE);
      expect(await target.residency()).toMatchObject([
        { resident: PAGE },
        { resident: PAGE },
        { resident: 0 },
      ]);
      expect(target.read(0x20004n, 6)?.toString()).toBe('second');
      expect(target.read(0x10000n + BigInt(PAGE) - 1n, 2)).toBeUndefined();
      expect(target.regionAt(0x21000n)?.start).toBe(0x21000n);
      expect(target.regionAt(0x30000n)).toBeUndefined();
    });
  });

  it('counts its memory by outcome', async () => {
    const loads = [at(0x10000, 4, PAGE, 1), at(0x20000, 1, 2 * PAGE), at(0x30000, 8, 3 * PAGE)];
    const path = folder.fileOf(coreOf(loads, Buffer.concat([page('a'), page('b'), page('c'), page('d')])));
    await withTarget(path, async (target) => {
      const coverage = noCoverage();
      const ranges = [{ start: 0x10800n, end: 0x34000n }];
      for await (const _ of target.spans({ all: false, ranges }, coverage));
      expect(coverage).toEqual({
        ...noCoverage(),
        mapped: 3.5 * PAGE + PAGE + 4 * PAGE,
        notResident: 3 * PAGE,
        notReached: 0.5 * PAGE + PAGE + 2 * PAGE,
        unreadable: 2 * PAGE, // behind the file's end
      });
      expect(target.expectedBytes({ all: false, ranges })).toBe(coverage.notReached);
      const chosen = noCoverage();
      for await (const _ of target.spans({ all: false, ranges: [], larger: 2 * PAGE }, chosen));
      expect([chosen.notReached, chosen.notChosen]).toEqual([2 * PAGE, 5 * PAGE]);
    });
  });

  it('that was truncated is scanned up to its end', async () => {
    const text = 'text all over. '.repeat(1000).slice(0, 3 * PAGE);
    const path = folder.fileOf(coreOf([at(0x10000, 3, PAGE)], Buffer.from(text)));
    truncateSync(path, 2 * PAGE + 100);
    expect(addressesOf(await stringsOf(path))).toEqual([`0x10000 ${text.slice(0, PAGE + 100)}`]);
  });

  it('recognises files, memory files, stack and vdso by its notes', async () => {
    const mapping = (start: number, pages: number, offset: number): bigint[] =>
      [start, start + pages * PAGE, offset].map(BigInt);
    const names = Buffer.from('/usr/lib/libx.so\0/usr/lib/libx.so\0/memfd:x (deleted)\0');
    const table = BigUint64Array.from([
      3n,
      BigInt(PAGE),
      ...mapping(0x10000, 2, 0),
      ...mapping(0x12000, 1, 7),
      ...mapping(0x20000, 1, 0),
    ]);
    const files = note('CORE', NT_FILE, Buffer.concat([Buffer.from(table.buffer), names]));
    const vector = BigUint64Array.from([25n, 0x31010n, 33n, 0x40000n, 0n, 0n]);
    const auxv = note('CORE', NT_AUXV, Buffer.from(vector.buffer));
    const loads = [
      { ...at(0x10000, 2, PAGE, 1), perms: 'r--p' },
      ...[0x12000, 0x20000, 0x31000, 0x40000, 0x50000].map((start, i) => at(start, 1, (2 + i) * PAGE)),
    ];
    const memory = [
      'header of it',
      'data of it',
      'shared text',
      'on the stack',
      'of the vdso',
      'and others',
    ].map(page);
    const path = folder.fileOf(coreOf(loads, Buffer.concat(memory), files, auxv));
    const kinds = new Map(
      (await stringsOf(path, { all: true })).map(({ text, region }) => [
        text,
        region.split(' ').slice(3).join(' '),
      ]),
    );
    expect(Object.fromEntries(kinds)).toEqual({
      'header of it': 'file  /usr/lib/libx.so',
      'data of it': 'file-data  /usr/lib/libx.so',
      'shared text': 'shared  /memfd:x (deleted)',
      'on the stack': 'stack  [stack]',
      'and others': 'anon  ',
    });
    const own = (await stringsOf(path)).map(({ text }) => text);
    expect(own).toEqual(['data of it', 'shared text', 'on the stack', 'and others']);
    await withTarget(path, async (target) =>
      expect(target.classifyRegions()[1]!.offset).toBe(BigInt(7 * PAGE)),
    );
  });
});

describe('the kernel’s core', () => {
  it('has the strings of the process', async ({ skip }) => {
    const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
    skip(!/^[\w.%-]+$/.test(pattern), `cores do not go to the working folder: ${pattern}`);
    const cwd = mkdtempSync(join(folder.path, 'cwd-'));
    const script = 'ulimit -c unlimited && cd "$0" && exec "$1"';
    const target = await startTarget('/bin/bash', ['-c', script, cwd, compile('puppet')]);
    const puppet = new Puppet(target);
    const area = await puppet.area(64 * PAGE);
    await puppet.write(area + BigInt(9 * PAGE), 'in memory when it died');
    await freeze(puppet);
    const own = { skip: ['file', 'file-data'] } as const;
    const live = await stringsOf(target.pid, own);
    process.kill(target.pid, 'SIGSEGV');
    process.kill(target.pid, 'SIGCONT');
    await expect(target.send('')).rejects.toThrow('ended');
    const core = execFileSync('find', [cwd, '-type', 'f'], { encoding: 'utf8' }).trim();
    skip(!existsSync(core), 'the kernel wrote no core');
    expect(addressesOf(live).some((line) => line.endsWith(' in memory when it died'))).toBe(true);
    // A core has the stack without the signal's frame.
    expect(addressesOf(await stringsOf(core, own))).toEqual(addressesOf(live));
    await withTarget(core, async (target) => {
      const regions = target.classifyRegions();
      const kinds = regions.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'stack')).toHaveLength(1);
      expect(regions.map(({ pathname }) => basename(pathname))).toContain('puppet');
    });
  });
});

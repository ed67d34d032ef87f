import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTarget } from '../../src/index.ts';
import {
  addressesOf,
  type Assorted,
  dump,
  freeze,
  gcore,
  gdb,
  missing,
  readelf,
  startAssorted,
  stringsOf,
} from '../fixtures/dumps.ts';
import { footprintOf } from '../fixtures/footprint.ts';

import { MIB, PAGE, startPuppet } from '../fixtures/puppet.ts';

// On a disk: files on a tmpfs would count as memory.
const folder = mkdtempSync('/var/tmp/memscan-test-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
const newPath = (): string => join(folder, `core-${count++}`);

describe('a core of a stopped process', () => {
  let target: Assorted;
  let pid: number;
  const core = newPath();
  const coreOfAll = newPath();

  beforeAll(async () => {
    target = await startAssorted(folder);
    ({ pid } = target.puppet);
    await freeze(target.puppet);
    await dump(pid, core);
    await dump(pid, coreOfAll, { all: true });
  });

  it('holds the same strings, at the same addresses, in the same regions', async () => {
    const live = await stringsOf(pid);
    expect(live.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['in page 8, only here', 'written to a page of it', 'over two regions']),
    );
    expect(await stringsOf(core)).toEqual(live);
    expect(await stringsOf(core, { all: true })).toEqual(live);
    expect(await stringsOf(coreOfAll)).toEqual(live);
  });

  it('holds memory that is mapped twice at both addresses', async () => {
    const puppet = await startPuppet();
    const fd = await puppet.memoryFile('memfd', 8 * PAGE);
    const first = await puppet.map(8 * PAGE, { shared: true, fd });
    const second = await puppet.map(8 * PAGE, { shared: true, fd });
    await puppet.write(first, 'mapped at two addresses\0');
    await puppet.touch(second + BigInt(PAGE), PAGE);
    await puppet.tell('read', second, PAGE);
    await freeze(puppet);
    const path = newPath();
    await dump(puppet.pid, path);
    const live = await stringsOf(puppet.pid, { only: ['shared'] });
    expect(live.map(({ text }) => text)).toEqual(['mapped at two addresses']);
    expect(await stringsOf(path, { only: ['shared'] })).toEqual(live);
    for (const address of [first, second]) {
      const range = { start: address, end: address + 64n };
      expect((await stringsOf(path, { ranges: [range] })).map(({ text }) => text)).toEqual([
        'mapped at two addresses',
      ]);
    }
  });

  it('holds file-backed pages if selected, and marks them', async () => {
    const live = await stringsOf(pid, { all: true });
    expect(live.map(({ text }) => text)).toContain('third of it');
    expect(await stringsOf(coreOfAll, { all: true })).toEqual(live);
    expect(await stringsOf(coreOfAll, { only: ['file-data'] })).toEqual(
      await stringsOf(pid, { only: ['file-data'] }),
    );
  });

  it.each([{ only: ['heap', 'stack'] }, { skip: ['anon'] }, { larger: 3 * PAGE }] as const)(
    'holds what was chosen: %j',
    async (choice) => {
      const path = newPath();
      await dump(pid, path, choice);
      const live = await stringsOf(pid, choice);
      expect(live).not.toEqual([]);
      expect(await stringsOf(path)).toEqual(live);
      expect(await stringsOf(core, choice)).toEqual(live);
    },
  );

  it('holds the pages of ranges, and no zeros between them', async () => {
    const { start } = target.sparse;
    const ranges = [0, 8].map((page) => {
      const first = start + BigInt(page * PAGE);
      return { start: first + 100n, end: first + 200n };
    });
    const path = newPath();
    const coverage = await dump(pid, path, { ranges });
    expect(coverage).toMatchObject({ mapped: 2 * PAGE, scanned: 2 * PAGE });
    expect((await stringsOf(path)).map(({ text }) => text)).toEqual([
      'in page 0, only here',
      'in page 8, only here',
    ]);
    const open = await openTarget(path);
    expect(open.residentBytes()).toBe(2 * PAGE);
    open.close();
  });

  it('counts the bytes that it stores and leaves out', async () => {
    const path = newPath();
    const coverage = await dump(pid, path);
    const open = await openTarget(path);
    const { mapped, notReached, ...parts } = coverage;
    expect(notReached).toBe(0);
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes)).toBe(mapped);
    const mappedInCore = open.classifyRegions().reduce((sum, { start, end }) => sum + Number(end - start), 0);
    expect(mappedInCore).toBe(mapped);
    expect(statSync(path).blocks * 512).toBeLessThan(coverage.scanned + 64 * 1024);
    open.close();
  });

  it('bridges short untouched memory between pages of anonymous memory, sparsely', async () => {
    const path = newPath();
    const coverage = await dump(pid, path, { ranges: [target.sparse] });
    const open = await openTarget(path);
    expect([coverage.scanned, open.residentBytes()]).toEqual([3 * PAGE, 10 * PAGE]);
    expect(statSync(path).blocks * 512).toBeLessThan(10 * PAGE);
    open.close();
  });

  it('is valid for readelf', ({ skip }) => {
    skip(missing('readelf') !== '', missing('readelf'));
    const said = readelf(core);
    expect(said).not.toMatch(/warning|error|corrupt/i);
    for (const type of ['NT_PRSTATUS', 'NT_PRPSINFO', 'NT_AUXV', 'NT_FILE']) expect(said).toContain(type);
    expect(said).toContain('CORE (Core file)');
  });

  it('shows gdb every string at the address that memscan found', async ({ skip }) => {
    skip(missing('gdb') !== '', missing('gdb'));
    const wanted = new Set(['in page 200, only here', 'written to a page of it', 'in shared memory']);
    const found = (await stringsOf(pid)).filter(({ text }) => wanted.has(text));
    expect(found.length).toBeGreaterThanOrEqual(wanted.size);
    const commands = found.map(({ address }) => `x/s 0x${address.toString(16)}`);
    const said = gdb(core, ...commands);
    for (const { address, text } of found) expect(said).toContain(`0x${address.toString(16)}:\t"${text}"`);
    expect(said).not.toMatch(/truncated|cannot access/i);
  });

  it('lets gdb read the rest of a mapped file from the file', ({ skip }) => {
    skip(missing('gdb') !== '', missing('gdb'));
    const said = gdb(
      core,
      `x/s 0x${(target.file.start + BigInt(2 * PAGE)).toString(16)}`,
      'info proc mappings',
    );
    expect(said).toContain('"third of it"');
    expect(said).toContain('a file, mapped');
  });

  it('shows gdb where threads wait', ({ skip }) => {
    skip(missing('gdb') !== '', missing('gdb'));
    const said = gdb(core, 'info threads', 'x/i $pc', 'print $sp', 'info auxv');
    expect(said).toContain(`LWP ${pid}`);
    expect(said).toMatch(/Core was generated by `.*puppet'/);
    expect(said).toMatch(/=> 0x/);
    expect(said).toMatch(/AT_PAGESZ .* 4096/);
  });

  it('holds the memory that gdb would dump', async ({ skip }) => {
    skip(missing('gcore') !== '', missing('gcore'));
    const theirs = gcore(pid, folder);
    const own = { skip: ['file', 'file-data'] } as const;
    expect(addressesOf(await stringsOf(theirs, own))).toEqual(addressesOf(await stringsOf(core, own)));
    expect(addressesOf(await stringsOf(theirs, { all: true }))).toEqual(
      expect.arrayContaining(addressesOf(await stringsOf(core))),
    );
  });
});

describe('a core of a large process', () => {
  it('is written quickly, does not change the process, and has the size of its resident memory', async () => {
    const puppet = await startPuppet();
    const area = await puppet.area(1024 * MIB);
    await puppet.repeat(area, 256 * MIB, 'some text that is repeated, ');
    for (let page = 0; page < 1000; page++) {
      await puppet.repeat(area + BigInt(256 * MIB + page * 64 * PAGE), 20, 'in a page of its own');
    }
    const before = await footprintOf(puppet.pid);
    const path = newPath();
    const coverage = await dump(puppet.pid, path);
    expect(await footprintOf(puppet.pid)).toEqual(before);
    expect(coverage.scanned).toBeGreaterThan(256 * MIB + 1000 * PAGE);
    expect(statSync(path).blocks * 512).toBeLessThan(coverage.scanned + MIB);
    await freeze(puppet);
    const range = { start: area, end: area + BigInt(1024 * MIB) };
    expect(await stringsOf(path, { ranges: [range] })).toEqual(
      await stringsOf(puppet.pid, { ranges: [range] }),
    );
  });
});

describe('a process that ends during its dump', () => {
  it('leaves no file', async () => {
    const puppet = await startPuppet();
    await puppet.repeat(await puppet.area(256 * MIB), 256 * MIB, 'text');
    const path = newPath();
    const dumping = expect(dump(puppet.pid, path)).rejects.toMatchObject({
      code: 'TARGET_ENDED',
      message: `process ${puppet.pid} ended during the dump, or became another program`,
    });
    while (!(statSync(path, { throwIfNoEntry: false })?.size ?? 0)) await new Promise(setImmediate);
    await puppet.stop();
    await dumping;
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });
});

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  countStrings,
  type Coverage,
  openTarget,
  type Range,
  scanStrings,
  type StringOptions,
} from '../../src/index.ts';
import { rangeAt } from '../fixtures/agreement.ts';
import { withEnvironment } from '../fixtures/environment.ts';
import { type Footprint, footprintOf, smapsOf } from '../fixtures/footprint.ts';
import { startTarget } from '../fixtures/process.ts';
import { Advice, MIB, PAGE, type Puppet, startPuppet } from '../fixtures/puppet.ts';
import { provideSwap, reserveHugePages } from '../fixtures/system.ts';

const folder = mkdtempSync('/var/tmp/memscan-test-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PAGEMAPS = ['PAGEMAP_SCAN', 'entries'];

/** A piece of the target's memory that a careless reader would change. */
interface Piece {
  readonly range: Range;
  /** A missing page, which a read through /proc/PID/mem would bring in. */
  readonly missing?: bigint;
  /** The coverage of a scan of all; two where PAGEMAP_SCAN distinguishes more than pagemap entries do. */
  readonly coverage: Partial<Coverage> | readonly [scan: Partial<Coverage>, entries: Partial<Coverage>];
}

const pages = (count: number): number => count * PAGE;
const pageOf = (start: bigint, index: number): bigint => start + BigInt(pages(index));

async function halfTouchedMemfd(puppet: Puppet): Promise<Piece> {
  const fd = await puppet.memoryFile('memfd', pages(64));
  const start = await puppet.map(pages(64), { fd, shared: true });
  for (let page = 0; page < 64; page += 2) await puppet.write(pageOf(start, page), 'half of a memfd');
  return {
    range: rangeAt(start, pages(64)),
    missing: pageOf(start, 1),
    coverage: { scanned: pages(32), notResident: pages(32) },
  };
}

async function untouched(puppet: Puppet): Promise<Piece> {
  const start = await puppet.map(256 * MIB);
  return {
    range: rangeAt(start, 256 * MIB),
    missing: pageOf(start, 999),
    coverage: { notResident: 256 * MIB },
  };
}

async function onlyRead(puppet: Puppet): Promise<Piece> {
  const start = await puppet.map(pages(64));
  await puppet.tell('read', start, pages(32));
  // Entries do not distinguish the zero page, from which untouched memory is read.
  const coverage = [{ notResident: pages(64) }, { scanned: pages(32), notResident: pages(32) }] as const;
  return { range: rangeAt(start, pages(64)), coverage };
}

async function fileHardlyRead(puppet: Puppet): Promise<Piece> {
  const path = join(folder, `file-${puppet.pid}`);
  writeFileSync(path, 'a page of a file'.repeat(pages(64) / 16));
  const start = await puppet.map(pages(64), { fd: await puppet.openFile(path), prot: 'r' });
  await puppet.tell('read', start, pages(1)); // the kernel maps some pages around it, too
  const resident =
    1024 *
    smapsOf(puppet.pid)
      .find(({ header }) => header.endsWith(path))!
      .kilobytes('Rss');
  return {
    range: rangeAt(start, pages(64)),
    missing: pageOf(start, 40),
    coverage: { scanned: resident, notResident: pages(64) - resident },
  };
}

async function givenBack(puppet: Puppet): Promise<Piece> {
  const start = await puppet.map(pages(16));
  await puppet.repeat(start, pages(16), 'to be given back ');
  for (let page = 0; page < 16; page += 2) await puppet.advise(pageOf(start, page), PAGE, Advice.dontNeed);
  return { range: rangeAt(start, pages(16)), coverage: { scanned: pages(8), notResident: pages(8) } };
}

async function forbidden(puppet: Puppet): Promise<Piece> {
  const start = await puppet.map(pages(16));
  await puppet.repeat(start, pages(8), 'to be forbidden ');
  await puppet.protect(start, pages(16), '-');
  return { range: rangeAt(start, pages(16)), coverage: { unreadable: pages(8), notResident: pages(8) } };
}

/** Half of its pages are resident; a fault on the others would wait forever. */
async function underUserfaultfd(puppet: Puppet): Promise<Piece & { fd: number }> {
  const start = await puppet.map(pages(32));
  const source = await puppet.map(pages(8));
  await puppet.repeat(source, pages(8), 'under userfaultfd ');
  const fd = Number(await puppet.tell('userfault', start, pages(32)));
  await puppet.tell('userfault-copy', fd, start, source, pages(8));
  await puppet.tell('userfault-zero', fd, pageOf(start, 16), pages(8));
  return { range: rangeAt(start, pages(32)), coverage: { special: pages(32) }, fd };
}

async function secret(puppet: Puppet): Promise<Piece> {
  const fd = await puppet.memoryFile('secret', pages(4));
  const start = await puppet.map(pages(4), { fd, shared: true });
  await puppet.repeat(start, pages(2), 'a secret ');
  return { range: rangeAt(start, pages(4)), coverage: {} };
}

async function halfTouchedHugePages(puppet: Puppet): Promise<Piece> {
  const fd = await puppet.memoryFile('huge', 8 * MIB);
  const start = await puppet.map(8 * MIB, { fd, shared: true });
  await puppet.write(start, 'in the first huge page');
  await puppet.write(start + BigInt(4 * MIB), 'in the third huge page');
  return {
    range: rangeAt(start, 8 * MIB),
    missing: start + BigInt(2 * MIB),
    coverage: { scanned: 4 * MIB, notResident: 4 * MIB },
  };
}

async function swappedOut(puppet: Puppet): Promise<Piece> {
  const start = await puppet.map(4 * MIB);
  await puppet.repeat(start, 4 * MIB, 'to be swapped out ');
  // The kernel skips pages that it is busy with.
  for (let attempt = 0; attempt < 100 && swapOf(puppet) < 2 * MIB; attempt++) {
    await puppet.advise(start, 2 * MIB, Advice.pageOut);
  }
  return {
    range: rangeAt(start, 4 * MIB),
    missing: start,
    coverage: { swapped: 2 * MIB, scanned: 2 * MIB },
  };
}

const swapOf = (puppet: Puppet): number =>
  1024 * smapsOf(puppet.pid).reduce((sum, region) => sum + region.kilobytes('Swap'), 0);

/** Scans in every way and expects an unchanged target. Returns the coverage of the last scan. */
async function expectNoHarm(puppet: Puppet, pagemap: string, options: StringOptions = {}): Promise<Coverage> {
  return withEnvironment('MEMSCAN_PAGEMAP', pagemap, async () => {
    const before = await footprintOf(puppet.pid);
    const target = await openTarget(puppet.pid);
    await countStrings(target, { ...options, all: true, pattern: 'nowhere to be found' });
    await countStrings(target, { ...options, all: true, chunkSize: PAGE });
    await countStrings(target, options);
    const scan = scanStrings(target, { ...options, all: true });
    for await (const _ of scan) void _;
    target.close();
    expect(await footprintOf(puppet.pid)).toEqual(before);
    expectSum(scan.stats.coverage);
    return scan.stats.coverage;
  });
}

function expectSum({ mapped, ...parts }: Coverage): void {
  for (const [name, bytes] of Object.entries(parts)) expect(bytes, name).toBeGreaterThanOrEqual(0);
  expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(mapped);
  expect(parts.notReached).toBe(0);
}

const noBytes = {
  scanned: 0,
  notResident: 0,
  swapped: 0,
  fileBacked: 0,
  notChosen: 0,
  otherViews: 0,
  special: 0,
  unreadable: 0,
  notReached: 0,
};

function expectCoverage(coverage: Coverage, { range, coverage: expected }: Piece, pagemap: string): void {
  const [scan, entries] = 'length' in expected ? expected : [expected, expected];
  const mapped = Number(range.end - range.start);
  expect(coverage).toEqual({ ...noBytes, mapped, ...(pagemap === 'entries' ? entries : scan) });
}

/** Reads as a debugger does. */
function readCarelessly(pid: number, address: bigint): void {
  const fd = openSync(`/proc/${pid}/mem`, 'r');
  try {
    expect(readSync(fd, Buffer.alloc(16), 0, 16, address)).toBe(16);
  } finally {
    closeSync(fd);
  }
}

async function quietPuppet(): Promise<Puppet> {
  const puppet = await startPuppet();
  await puppet.tell('no-huge-pages'); // none is put together while we look
  return puppet;
}

const PIECES: [name: string, place: (puppet: Puppet) => Promise<Piece>][] = [
  ['a half-touched memfd', halfTouchedMemfd],
  ['untouched anonymous memory', untouched],
  ['anonymous memory that was only read', onlyRead],
  ['a file mapping that was hardly read', fileHardlyRead],
  ['memory that was given back', givenBack],
  ['memory that was forbidden', forbidden],
  ['memory under userfaultfd', underUserfaultfd],
];

describe.each(PAGEMAPS)('a scan (%s)', (pagemap) => {
  it.each(PIECES)('does no harm to %s', async (_name, place) => {
    const puppet = await quietPuppet();
    const piece = await place(puppet);
    expectCoverage(await expectNoHarm(puppet, pagemap, { ranges: [piece.range] }), piece, pagemap);
  });

  it('does no harm to a process that has all of that', async () => {
    const puppet = await quietPuppet();
    for (const [, place] of PIECES) await place(puppet);
    const { special, scanned, unreadable } = await expectNoHarm(puppet, pagemap);
    expect(special).toBeGreaterThanOrEqual(pages(32));
    expect(unreadable).toBeGreaterThanOrEqual(pages(8));
    expect(scanned).toBeGreaterThan(pages(32 + 8));
  });

  it('does not wait for pages of a userfaultfd that another process holds', async () => {
    const puppet = await quietPuppet();
    const { fd, range } = await underUserfaultfd(puppet);
    await puppet.tell('give-away', fd);
    const { scanned, notResident, special, mapped } = await expectNoHarm(puppet, pagemap, {
      ranges: [range],
    });
    expect(scanned + notResident + special).toBe(mapped);
    expect(scanned).toBeLessThanOrEqual(pages(16));
  });

  it('does no harm to secret memory', async ({ skip }) => {
    const puppet = await quietPuppet();
    const piece = await secret(puppet).catch((error: Error) => skip(`no memfd_secret: ${error.message}`));
    const { scanned } = await expectNoHarm(puppet, pagemap, { ranges: [piece.range] });
    expect(scanned).toBe(0);
  });

  it('does no harm to another node', async () => {
    const node = await startTarget(process.execPath, [
      '-e',
      'console.log("ready"); setInterval(() => {}, 1 << 30)',
    ]);
    process.kill(node.pid, 'SIGSTOP');
    await withEnvironment('MEMSCAN_PAGEMAP', pagemap, async () => {
      const before = await footprintOf(node.pid, 'T');
      const target = await openTarget(node.pid);
      const scan = scanStrings(target, { all: true });
      for await (const _ of scan) void _;
      target.close();
      expect(await footprintOf(node.pid, 'T')).toEqual(before);
      expectSum(scan.stats.coverage);
    });
  });
});

describe('huge pages', () => {
  const undo = reserveHugePages(8);
  const why = typeof undo === 'string' ? undo : '';
  afterAll(() => (typeof undo === 'string' ? undefined : undo()));

  it.for(PAGEMAPS)(
    'are read where they were touched, and none is created (%s)',
    async (pagemap, { skip }) => {
      skip(why !== '', why);
      const puppet = await quietPuppet();
      const piece = await halfTouchedHugePages(puppet);
      const found = await withEnvironment('MEMSCAN_PAGEMAP', pagemap, () =>
        textsOf(puppet, { ranges: [piece.range] }),
      );
      expect(found).toEqual(['in the first huge page', 'in the third huge page']);
      expectCoverage(await expectNoHarm(puppet, pagemap, { ranges: [piece.range] }), piece, pagemap);
      await expectNoHarm(puppet, pagemap);
      await puppet.stop();
    },
  );
});

describe('swapped pages', () => {
  let why = '';
  beforeAll(async () => {
    const undo = await provideSwap(64 * MIB);
    if (typeof undo !== 'string') return undo;
    why = undo;
    return undefined;
  });

  it.for(PAGEMAPS)('stay in the swap (%s)', async (pagemap, { skip }) => {
    skip(why !== '', why);
    const puppet = await quietPuppet();
    const piece = await swappedOut(puppet);
    expect((await footprintOf(puppet.pid)).status['VmSwap']).toBe('2048 kB');
    expectCoverage(await expectNoHarm(puppet, pagemap, { ranges: [piece.range] }), piece, pagemap);
    await expectNoHarm(puppet, pagemap);
    await puppet.stop();
  });
});

async function textsOf(puppet: Puppet, options: StringOptions): Promise<string[]> {
  const target = await openTarget(puppet.pid);
  const texts: string[] = [];
  for await (const { text } of scanStrings(target, options)) texts.push(text);
  target.close();
  return texts;
}

// Otherwise the tests above would prove nothing.
describe('a careless reader', () => {
  async function changesBy(
    place: (puppet: Puppet) => Promise<Piece>,
  ): Promise<[before: Footprint, after: Footprint]> {
    const puppet = await quietPuppet();
    const { missing } = await place(puppet);
    const before = await footprintOf(puppet.pid);
    readCarelessly(puppet.pid, missing!);
    return [before, await footprintOf(puppet.pid)];
  }

  it.each([
    ['a hole of a memfd', halfTouchedMemfd],
    ['untouched anonymous memory', untouched],
    ['a file mapping', fileHardlyRead],
  ])('is seen to bring in %s', async (_name, place) => {
    const [before, after] = await changesBy(place);
    expect(after).not.toEqual(before);
  });

  it('is seen to fill a memfd', async () => {
    const [before, after] = await changesBy(halfTouchedMemfd);
    expect(after.blocks).not.toEqual(before.blocks);
  });
});

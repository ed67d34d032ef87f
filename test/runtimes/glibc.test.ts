import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { openTarget, type Range, type Region, type Target } from '../../src/index.ts';
import { residencyOf } from '../../src/memory/residency.ts';
import { compile } from '../fixtures/compile.ts';
import { withEnvironment } from '../fixtures/environment.ts';
import { smapsOf } from '../fixtures/footprint.ts';
import { HEAP_MAX } from '../fixtures/malloc-image.ts';
import { seededBytes, temporaryFolder } from '../fixtures/memory.ts';
import { type LiveTarget, startTarget } from '../fixtures/process.ts';
import { PAGE, startPuppet } from '../fixtures/puppet.ts';

type Environment = Readonly<Record<string, string>>;

const MANY_ARENAS: Environment = { MALLOC_ARENA_MAX: '128' };
/** Makes malloc use only the main arena: any other part would be wrong. */
const MAIN_ARENA_ONLY: Environment = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_MAX_: '0' };

const startMalloc = (environment: Environment = {}): Promise<LiveTarget> =>
  startWith(environment, compile('malloc-target'));

function startWith(
  environment: Environment,
  path: string,
  args: readonly string[] = [],
): Promise<LiveTarget> {
  return Object.entries(environment).reduce(
    (start, [name, value]) =>
      () =>
        withEnvironment(name, value, start),
    () => startTarget(path, args),
  )();
}

async function open(pid: number): Promise<Target> {
  const target = await openTarget(pid);
  onTestFinished(() => target.close());
  return target;
}

const regionsOf = async (pid: number): Promise<readonly Region[]> => (await open(pid)).classifyRegions();

/** What malloc_info() reports of an arena. */
interface Reported {
  readonly heaps: number;
  readonly system: number;
  readonly mprotect: number;
}

async function reportedBy(target: LiveTarget): Promise<{ main: Reported; threads: readonly Reported[] }> {
  const text = await target.send('info');
  const [main, ...threads] = text
    .split('<heap nr=')
    .slice(1)
    .map((heap): Reported => {
      const number = (pattern: RegExp): number => Number(pattern.exec(heap)?.[1] ?? 0);
      return {
        heaps: number(/"subheaps" size="(\d+)"/),
        system: number(/<system type="current" size="(\d+)"/),
        mprotect: number(/<aspace type="mprotect" size="(\d+)"/),
      };
    });
  return { main: main!, threads };
}

const sizeOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, { start, end }) => sum + Number(end - start), 0);

/** The regions of threads' arenas, by arena number. */
function arenasIn(regions: readonly Region[]): Map<number, Region[]> {
  const arenas = new Map<number, Region[]>();
  for (const region of regions) {
    const { arena } = region.facts;
    if (region.kind !== 'arena' || typeof arena !== 'number') continue;
    arenas.set(arena, [...(arenas.get(arena) ?? []), region]);
  }
  return arenas;
}

/** Heaps and bytes of an arena, to compare memscan's arenas with those of malloc_info() in any order. */
const shape = (heaps: number, bytes: number): string => `${heaps} heaps, ${bytes} bytes`;

const shapesIn = (regions: readonly Region[]): string[] =>
  [...arenasIn(regions).values()]
    .map((parts) => shape(parts.filter(({ start }) => start % HEAP_MAX === 0n).length, sizeOf(parts)))
    .toSorted();

const shapesReported = (threads: readonly Reported[]): string[] =>
  threads.map(({ heaps, mprotect }) => shape(heaps, mprotect)).toSorted();

const ofKind = (regions: readonly Region[], kind: Region['kind'], arena?: 'main' | number): Region[] =>
  regions.filter((region) => region.kind === kind && region.facts.arena === arena);

const linesOf = (pid: number): Range[] =>
  smapsOf(pid).map(({ header }) => {
    const [start, end] = header.split(/[- ]/);
    return { start: BigInt(`0x${start!}`), end: BigInt(`0x${end!}`) };
  });

const isIn = ({ start, end }: Range, range: Range): boolean => range.start <= start && end <= range.end;

describe("malloc's arenas", () => {
  it.each([1, 2, 7, 64])('are found, of %d threads', async (threads) => {
    const target = await startMalloc(MANY_ARENAS);
    await target.send(`threads ${threads}`);
    await target.send('fill 1500000 3000 1');
    const reported = await reportedBy(target);
    const regions = await regionsOf(target.pid);

    expect(reported.threads).toHaveLength(threads);
    expect(shapesIn(regions)).toEqual(shapesReported(reported.threads));
    expect([...arenasIn(regions).keys()]).toEqual(Array.from({ length: threads }, (_, i) => i + 1));
    expect(sizeOf(ofKind(regions, 'heap', 'main'))).toBe(reported.main.system);
  });

  it('are found if heaps are neighbours in one region', async () => {
    const target = await startMalloc(MANY_ARENAS);
    await target.send('threads 1');
    for (let heap = 0; heap < 4; heap++) {
      // Large blocks up to a heap's end, with one resident page each, and small ones in the next heap.
      await target.send('fill 66800000 60000 0');
      await target.send('fill 400000 1000 0');
    }
    const reported = await reportedBy(target);
    const regions = await regionsOf(target.pid);

    const lines = linesOf(target.pid);
    const merged = ofKind(regions, 'arena', 1).filter(
      ({ start }) => start % HEAP_MAX === 0n && !lines.some((line) => line.start === start),
    );
    expect(merged.length).toBeGreaterThan(0);
    expect(shapesIn(regions)).toEqual(shapesReported(reported.threads));
    expect(reported.threads.map(({ heaps }) => heaps)).toEqual([5]);
  });

  it('have as many resident bytes as the kernel reports for their regions', async () => {
    const target = await startMalloc(MANY_ARENAS);
    await target.send('threads 5');
    await target.send('fill 3000000 2000 1');
    const opened = await open(target.pid);
    const arenas = opened.classifyRegions().filter(({ kind }) => kind === 'arena');
    const residency = await residencyOf(opened.source, arenas);
    const lines = linesOf(target.pid);
    const kilobytes = smapsOf(target.pid).map((line) => line.kilobytes('Rss'));
    expect(arenas).toHaveLength(5);
    for (const [i, { start, end }] of arenas.entries()) {
      const line = lines.findIndex((line) => line.start === start && line.end === end);
      expect(residency[i]!.resident).toBe(kilobytes[line]! * 1024);
    }
  });

  it('are not found if there is only the main one', async () => {
    const target = await startMalloc(MAIN_ARENA_ONLY);
    await target.send('threads 4');
    await target.send('fill 2000000 2000 1');
    await target.send('map 2 500000');
    const reported = await reportedBy(target);
    const regions = await regionsOf(target.pid);
    expect(sizeOf(ofKind(regions, 'heap', 'main'))).toBe(reported.main.system);
    expect(foundIn(regions)).toEqual([]);
  });
});

/** All parts of malloc except for memory of brk. */
const foundIn = (regions: readonly Region[]): Region[] =>
  regions.filter(({ kind }) => kind === 'arena' || kind === 'mmap-chunk');

describe('chunks of malloc with a mapping', () => {
  it('are found, also as neighbours in one region', async () => {
    const target = await startMalloc();
    const answer = await target.send('map 6 300000');
    const chunks = answer.trim().split(' ').map(chunkOf);
    const regions = await regionsOf(target.pid);

    expect(rangesOf(ofKind(regions, 'mmap-chunk'))).toEqual(
      chunks.toSorted((a, b) => (a.start < b.start ? -1 : 1)),
    );
    const lines = linesOf(target.pid).filter((line) => chunks.some((chunk) => isIn(chunk, line)));
    expect(lines).toHaveLength(1);
  });

  it('are found if an aligned block begins elsewhere', async () => {
    const target = await startMalloc();
    const block = chunkOf(await target.send(`aligned ${1 << 16} ${1 << 20}`));
    const regions = await regionsOf(target.pid);
    expect(ofKind(regions, 'mmap-chunk').filter((region) => isIn(block, region))).toHaveLength(1);
  });
});

/** The mapping around its only block, given as `address:usable`. The header is in the 16 bytes before the block. */
function chunkOf(text: string): Range {
  const [address, usable] = text.split(':');
  const start = BigInt(address!) - 16n;
  const end = BigInt(address!) + BigInt(usable!);
  const page = BigInt(PAGE);
  return { start, end: ((end + page - 1n) / page) * page };
}

const rangesOf = (regions: readonly Region[]): Range[] => regions.map(({ start, end }) => ({ start, end }));

describe('the main arena', () => {
  it.each([
    ['small blocks', '7000000 100 0'],
    ['small blocks, many of them free', '7000000 900 1'],
    ['large blocks', '60000000 100000 1'],
    ['blocks larger than what it takes at once', '40000000 3000000 0'],
    ['more small blocks than are walked over', '60000000 100 0'],
  ])('is found after brk has failed, with %s', async (_, blocks) => {
    const target = await startMalloc({ MALLOC_ARENA_MAX: '128', MALLOC_MMAP_MAX_: '0' });
    await target.send('threads 2');
    expect(await target.send('block-brk')).toBe('ok');
    await target.send(`main ${blocks}`);
    await target.send('fill 1000000 1000 1');
    const reported = await reportedBy(target);
    const regions = await regionsOf(target.pid);

    const onBrk = sizeOf(ofKind(regions, 'heap', 'main'));
    expect(onBrk).toBeGreaterThan(0);
    expect(onBrk + sizeOf(ofKind(regions, 'arena', 'main'))).toBe(reported.main.system);
    expect(shapesIn(regions)).toEqual(shapesReported(reported.threads));
  });

  it('is distinguished from chunks with a mapping next to it', async () => {
    const target = await startMalloc({ MALLOC_ARENA_MAX: '1' });
    await target.send('block-brk');
    const chunks: Range[] = [];
    for (let round = 0; round < 4; round++) {
      await target.send('main 1200000 1000 1');
      chunks.push(chunkOf(await target.send('map 1 200000')));
    }
    const reported = await reportedBy(target);
    const regions = await regionsOf(target.pid);

    expect(rangesOf(ofKind(regions, 'mmap-chunk'))).toEqual(
      chunks.toSorted((a, b) => (a.start < b.start ? -1 : 1)),
    );
    const main = [...ofKind(regions, 'heap', 'main'), ...ofKind(regions, 'arena', 'main')];
    expect(sizeOf(main)).toBe(reported.main.system);
  });
});

describe('memory that malloc does not own', () => {
  it('is not mistaken for heaps at their addresses', async () => {
    const puppet = await startPuppet();
    const length = Number(HEAP_MAX) * 8;
    const start = await puppet.map(length);
    const heapSlot = (number: number): bigint => (start / HEAP_MAX + BigInt(number)) * HEAP_MAX;
    await puppet.touch(heapSlot(1), PAGE);
    await puppet.write(
      heapSlot(2),
      wordsOf(Array.from({ length: 512 }, (_, i) => heapSlot(2) + BigInt(i * 8))),
    );
    await puppet.write(heapSlot(3), seededBytes(PAGE, 3));
    // Fake heaps: of an arena without a malloc_state, and of something that is not an arena.
    await puppet.write(heapSlot(4), wordsOf([heapSlot(4) + 0x30n, 0n, 0x21000n, 0x21000n, 0x1000n]));
    await puppet.write(heapSlot(5), wordsOf([heapSlot(2) + 0x30n, heapSlot(2), 0x21000n, 0x21000n, 0x1000n]));
    expect(foundIn(await regionsOf(puppet.pid))).toEqual([]);
  });

  it("is not mistaken for malloc's in V8", async () => {
    const node = await startWith(MAIN_ARENA_ONLY, process.execPath, ['-e', NODE]);
    expect(foundIn(await regionsOf(node.pid))).toEqual([]);
  });

  it("is not mistaken for malloc's in a JVM", async ({ skip }) => {
    skip(!hasJava(), 'no java here');
    const source = join(folder, 'Target.java');
    writeFileSync(source, JAVA);
    const java = await startWith(MAIN_ARENA_ONLY, 'java', ['-Xmx256m', source]);
    expect(foundIn(await regionsOf(java.pid))).toEqual([]);
  });
});

const folder = temporaryFolder();

function wordsOf(words: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(words.length * 8);
  words.forEach((word, i) => bytes.writeBigUInt64LE(word, i * 8));
  return bytes;
}

const NODE = `
const kept = [Buffer.alloc(50e6, 1), new WebAssembly.Memory({ initial: 100 })];
for (let i = 0; i < 1e6; i++) kept.push({ i, text: 'text ' + i });
new (require('worker_threads').Worker)('setInterval(() => {}, 1e6)', { eval: true });
process.stdin.resume();
console.log('ready', kept.length);`;

const JAVA = `
public class Target {
  public static void main(String[] arguments) throws Exception {
    var kept = new java.util.ArrayList<Object>();
    for (int i = 0; i < 300; i++) kept.add(i % 3 == 0 ? java.nio.ByteBuffer.allocateDirect(200000) : new byte[200000]);
    System.out.println("ready " + kept.size());
    System.in.read();
  }
}`;

function hasJava(): boolean {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

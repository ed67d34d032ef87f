import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Region } from '../../src/memory/region.ts';
import { threadsOf } from '../../src/proc/threads.ts';
import { threadStackParts } from '../../src/runtimes/threads/threads.ts';
import { anonymous, FakeMemory } from '../fixtures/fake-memory.ts';
import { PAGE } from '../fixtures/puppet.ts';
import { byStart, startThreads } from '../fixtures/threads.ts';

const pages = (count: number): bigint => BigInt(count * PAGE);

// Real threads, which run and so have no stack pointers, with memory that the tests write.
let pid: number;
let tids: number[];

beforeAll(async () => {
  const target = await startThreads({ state: 'spin', count: 3 });
  pid = target.pid;
  tids = target.stacks.map(({ tid }) => tid);
});

interface Descriptor {
  readonly tid: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly guard?: bigint;
  readonly previous?: bigint;
  readonly next?: bigint;
}

type Write = (memory: FakeMemory, link: bigint, descriptor: Descriptor) => void;

/** Writes a descriptor of glibc (nptl/descr.h) from `list` on, with stackblock at `block`. */
const glibc =
  (block: number): Write =>
  (memory, link, { tid, start, end, guard = 0n, previous = 0n, next = 0n }) =>
    memory.writeWords(link, {
      0: next,
      8: previous,
      0x10: BigInt(tid),
      0x250: link + 0x50n,
      [block]: start,
      [block + 8]: end - start,
      [block + 16]: guard,
      0x450: 0n,
    });

/** Writes a descriptor of musl (src/internal/pthread_impl.h). */
const musl =
  (prev: number, at: number): Write =>
  (memory, link, { tid, start, end, guard = 0n, previous = 0n, next = 0n }) =>
    memory.writeWords(link, {
      0: link,
      [prev]: previous,
      [prev + 8]: next,
      [at]: BigInt(tid),
      [at + 24]: start,
      [at + 32]: end - start,
      [at + 40]: link - 0x100n,
      [at + 48]: link - 0x100n - start - guard,
      [at + 56]: guard,
    });

const LAYOUTS: [string, Write][] = [
  ['glibc', glibc(0x3d0)],
  ['glibc with another offset of stackblock', glibc(0x3e0)],
  ['musl on x86-64', musl(16, 48)],
  ['musl on aarch64', musl(8, 32)],
  ['musl before 1.2.1', musl(16, 56)],
];

const BASE = 0x7f00_0000_0000n;

describe.each(LAYOUTS)('descriptors of %s', (_, write) => {
  it('give the stacks in one region with other memory below and above, through the list of the top one', () => {
    const region = anonymous(BASE, 1000);
    const memory = new FakeMemory();
    const stacks = tids.map((tid, i) => ({
      tid,
      start: region.end - pages(20 * (i + 1)),
      end: region.end - pages(20 * i),
    }));
    const links = stacks.map(({ end }) => end - 0x900n);
    stacks.forEach((stack, i) =>
      write(memory, links[i]!, {
        ...stack,
        guard: pages(i),
        previous: links[(i + 2) % 3]!,
        next: links[(i + 1) % 3]!,
      }),
    );
    const expected = stacks.map(({ tid, start, end }, i) => ({
      start: start + pages(i),
      end,
      kind: 'thread-stack',
      facts: { thread: { id: tid, name: 'threads' } },
    }));
    expect(byStart(threadStackParts(threadsOf(pid), [region], memory))).toEqual(byStart(expected));
  });

  it('are found below the threads’ variables, and with a guard made of lowest pages', () => {
    const guard = anonymous(BASE, 3, { perms: '---p' });
    const region = anonymous(guard.end, 30);
    const memory = new FakeMemory();
    const { start } = guard;
    write(memory, region.end - pages(3) + 0x7c0n, { tid: tids[1]!, start, end: region.end });
    expect(threadStackParts(threadsOf(pid), [guard, region], memory)).toEqual([
      expect.objectContaining({ start: region.start, end: region.end }),
    ]);
  });

  it('give stacks that span several regions, but not memory that cannot be read', () => {
    const shapes = [
      { perms: 'rw-p' },
      { perms: '---p' },
      { perms: 'rw-p' },
      { perms: 'rwxp' },
      { perms: 'rw-p', pathname: '[anon:x]' },
    ];
    const regions = shapes.map((shape, i) => anonymous(BASE + pages(10 * i), 10, shape));
    const [bottom, , first, , top] = regions as [Region, Region, Region, Region, Region];
    const memory = new FakeMemory();
    write(memory, top.end - 0x900n, { tid: tids[0]!, start: bottom.start, end: top.end });
    expect(threadStackParts(threadsOf(pid), regions, memory)).toEqual([
      expect.objectContaining({ start: first.start, end: top.end }),
    ]);
  });

  it.each<[string, Partial<Descriptor>]>([
    ['reach over the end of their region', { end: BASE + pages(31) }],
    ['do not hold their descriptor', { end: BASE + pages(29) }],
    ['begin above their descriptor', { start: BASE + pages(30) }],
    ['have a guard larger than they are', { guard: 1n << 63n }],
    ['are of other threads', { tid: 1 }],
  ])('are none where their stacks %s', (_, wrong) => {
    const region = anonymous(BASE, 30);
    const memory = new FakeMemory();
    write(memory, region.end - 0x900n, { tid: tids[0]!, start: BASE, end: region.end, ...wrong });
    expect(threadStackParts(threadsOf(pid), [region], memory)).toEqual([]);
  });

  it('take a bounded number of reads if their list has no end', () => {
    const region = anonymous(BASE, 20_000);
    const memory = new FakeMemory();
    const links = Array.from({ length: 9000 }, (_, i) => region.end - pages(2 * i + 1) + 0x700n);
    links.forEach((link, i) =>
      write(memory, link, {
        tid: i === 0 ? tids[0]! : 0,
        start: region.start,
        end: region.end,
        next: links[i + 1] ?? link,
      }),
    );
    expect(threadStackParts(threadsOf(pid), [region], memory)).toHaveLength(1);
    expect(memory.reads).toBeLessThan(5000);
  });
});

describe('names of regions', () => {
  const named = (pathname: string): Region => anonymous(BASE + pages(2), 5, { pathname });
  const guard = anonymous(BASE, 2, { perms: '---p' });
  const partsOf = (...regions: Region[]): object[] =>
    threadStackParts(threadsOf(pid), regions, new FakeMemory());

  it.each(['pthread stack', 'pthread user stack'])('give stacks that glibc named: %s', (name) => {
    const region = named(`[anon: glibc: ${name}: ${tids[0]!}]`);
    expect(partsOf(region)).toEqual([expect.objectContaining({ start: region.start, end: region.end })]);
  });

  it('give stacks that old kernels named, if they look like stacks', () => {
    const region = named(`[stack:${tids[2]!}]`);
    expect(partsOf(guard, region)).toEqual([
      {
        start: region.start,
        end: region.end,
        kind: 'thread-stack',
        facts: { thread: { id: tids[2]!, name: 'threads' } },
      },
    ]);
    expect(partsOf(region)).toEqual([]);
  });

  it('give nothing for other threads', () => {
    expect(partsOf(guard, named('[stack:1]'))).toEqual([]);
    expect(partsOf(guard, named('[anon: glibc: unused stack]'))).toEqual([]);
  });
});

it('reads nothing outside of regions, nor in regions that are not memory', () => {
  const region = anonymous(BASE, 4);
  const memory = new FakeMemory();
  const device = anonymous(BASE + pages(8), 4, { kind: 'special' });
  const registers = anonymous(BASE + pages(12), 4, { kind: 'file', perms: 'rw-s', dev: '00:15' });
  const forged = { tid: tids[0]!, start: BASE, end: region.end };
  glibc(0x3d0)(memory, region.end - 0x900n, { ...forged, next: device.start, previous: registers.start });
  glibc(0x3d0)(memory, device.start, forged);
  glibc(0x3d0)(memory, registers.start, forged);
  const seen: bigint[] = [];
  const read = (address: bigint, length: number): Buffer | undefined => {
    seen.push(address);
    return memory.read(address, length);
  };
  expect(threadStackParts(threadsOf(pid), [region, device, registers], { read })).toHaveLength(1);
  expect(seen.filter((address) => address < region.start || address >= region.end)).toEqual([]);
});

describe('with any bytes in memory', () => {
  const KINDS = ['anon', 'heap', 'stack', 'shared', 'file', 'special'] as const;
  const address = fc.nat(40 * PAGE).map((offset) => BASE + BigInt(offset & ~7));
  const word = fc.oneof(address, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));
  const descriptor = fc.record({
    link: address,
    layout: fc.nat(LAYOUTS.length - 1),
    tid: fc.nat(3),
    start: word,
    end: word,
    guard: fc.constantFrom(0n, pages(1), 1n << 63n),
    previous: word,
    next: word,
  });
  const region = fc.record({
    gap: fc.nat(2),
    length: fc.integer({ min: 1, max: 8 }),
    perms: fc.constantFrom('rw-p', 'rw-p', '---p', 'r--p', 'rw-s'),
    kind: fc.constantFrom('anon' as const, ...KINDS),
    named: fc.constantFrom('', 'stack:', 'anon: glibc: pthread stack: '),
  });

  it('each thread has at most one stack, inside of memory', () => {
    let told = 0;
    fc.assert(
      fc.property(fc.array(descriptor, { maxLength: 30 }), fc.array(region), (descriptors, shapes) => {
        const memory = new FakeMemory();
        for (const { layout, link, tid, ...more } of descriptors) {
          LAYOUTS[layout]![1](memory, link, { ...more, tid: tids[tid] ?? 0 });
        }
        let at = BASE;
        const regions = shapes.map(({ gap, length, named, ...more }, i) => {
          const pathname = named && `[${named}${tids[i % 3]!}]`;
          const made = anonymous(at + pages(gap), length, { ...more, pathname });
          at = made.end;
          return made;
        });
        const parts = threadStackParts(threadsOf(pid), regions, memory);
        expect(parts.every(({ start, end }) => start < end && start >= BASE && end <= at)).toBe(true);
        expect(new Set(parts.map(({ facts }) => facts.thread!.id)).size).toBe(parts.length);
        expect(memory.reads).toBeLessThan(5000);
        told += parts.length;
      }),
      { numRuns: 500 },
    );
    expect(told).toBeGreaterThan(0);
  });
});

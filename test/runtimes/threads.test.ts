import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Part } from '../../src/memory/parts.ts';
import { threadsOf } from '../../src/proc/threads.ts';
import { threadStackParts } from '../../src/runtimes/threads/threads.ts';
import { compile } from '../fixtures/compile.ts';
import { startTarget } from '../fixtures/process.ts';
import { MIB, PAGE } from '../fixtures/puppet.ts';
import {
  argumentsFor,
  byStart,
  mapsOf,
  open,
  partsOf,
  type Stack,
  stacksOf,
  startThreads,
  tidsOf,
} from '../fixtures/threads.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const newNamespace = ['--pid', '--fork', '--kill-child'];
/** Why unshare(1) cannot make a pid namespace, or empty: not every user may. */
const noNamespace = spawnSync('unshare', [...newNamespace, 'true']).status !== 0;
const noJava = spawnSync('javac', ['-version']).status === 0 ? '' : 'there is no JDK';

const partOf = ({ start, end, tid }: Stack, name = 'threads'): Part => ({
  start,
  end,
  kind: 'thread-stack',
  facts: { thread: { id: tid, name } },
});

const tidOf = ({ facts }: Part): number => facts.thread!.id;

const partsFor = (stacks: readonly Stack[]): Part[] => byStart(stacks.map((stack) => partOf(stack)));

describe('threads of glibc', () => {
  it('have the stacks that they report themselves', async () => {
    const { pid, stacks } = await startThreads(
      { count: 3 },
      { state: 'spin' },
      { size: 64 * MIB, guard: 16 * PAGE },
      { size: 16 * PAGE, guard: 0 },
      { state: 'spin', size: 33 * PAGE, guard: 8 * PAGE },
    );
    expect(await partsOf(pid)).toEqual(partsFor(stacks));
  });

  it('are distinguished in one region without guards', async () => {
    const { pid, stacks } = await startThreads({ guard: 0, count: 4 }, { state: 'spin', guard: 0, count: 2 });
    const region = mapsOf(pid).find(({ start, end }) => start <= stacks[2]!.start && end >= stacks[2]!.end)!;
    const inside = stacks.filter(({ start, end }) => start >= region.start && end <= region.end);
    expect(inside.length).toBeGreaterThan(2);
    expect(await partsOf(pid)).toEqual(partsFor(stacks));
  });

  it('are found even if all of them run and none has a stack pointer', async () => {
    const { pid, stacks } = await startThreads({ state: 'spin', count: 3 });
    expect(readFileSync(`/proc/${pid}/task/${stacks[0]!.tid}/syscall`, 'utf8')).toBe('running\n');
    expect(await partsOf(pid)).toEqual(partsFor(stacks));
  });

  it('may have their stack in a block of the heap, from its first byte to its last', async () => {
    const { pid, stacks } = await startThreads(
      { memory: 'malloc', size: 100_000 },
      { memory: 'malloc', size: 4 * MIB },
      { memory: 'malloc', size: 70_000, state: 'spin' },
      {},
    );
    expect(await partsOf(pid)).toEqual(partsFor(stacks));
  });

  it('are found above the stack pointer of a single thread on a block in the middle of the heap', async () => {
    const { pid, stacks } = await startThreads({ memory: 'malloc', size: 60_000 });
    expect(await partsOf(pid)).toEqual(partsFor(stacks));
  });

  it('are found through the list of other threads if they run on a block of the heap', async () => {
    const { pid, stacks } = await startThreads({ memory: 'malloc', size: 70_000, state: 'spin' }, {});
    expect(await partsOf(pid)).toEqual(partsFor(stacks));
  });

  it('are found by the hundred with about one read of memory each', async () => {
    const { pid, stacks } = await startThreads({ count: 500, size: 64 * 1024 }, { state: 'spin' });
    const target = await open(pid);
    let reads = 0;
    const read = (address: bigint, length: number): Buffer | undefined => {
      reads++;
      return target.read(address, length);
    };
    expect(byStart(threadStackParts(threadsOf(pid), mapsOf(pid), { read }))).toEqual(partsFor(stacks));
    expect(reads).toBeLessThan(stacks.length + 50);
  });

  it('have stacks that are regions of their own', async () => {
    const { pid, stacks } = await startThreads({ guard: 0, count: 4 });
    const regions = (await open(pid)).classifyRegions();
    const found = regions.filter(({ kind }) => kind === 'thread-stack');
    expect(found).toEqual(
      partsFor(stacks).map((part) => expect.objectContaining({ ...part, perms: 'rw-p' })),
    );
  });

  it('are found through any of their ids', async () => {
    const { pid, stacks } = await startThreads({ count: 2 });
    const parts = threadStackParts(threadsOf(stacks[1]!.tid), mapsOf(pid), await open(pid));
    expect(byStart(parts)).toEqual(partsFor(stacks));
  });

  it.skipIf(noNamespace)('have other ids in a nested pid namespace', async () => {
    const threads = argumentsFor([{ count: 2 }, { state: 'spin' }]);
    const outer = await startTarget('unshare', [...newNamespace, compile('threads'), ...threads]);
    const pid = Number(readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8'));
    const stacks = byStart(stacksOf(outer.words));
    const parts = await partsOf(pid);
    expect(parts).toEqual(stacks.map(({ start, end }) => expect.objectContaining({ start, end })));
    expect(new Set([pid, ...parts.map(tidOf)])).toEqual(new Set(tidsOf(pid)));
    expect(stacks.map(({ tid }) => tid)).not.toEqual(parts.map(tidOf));
  });
});

it("keeps a thread's name, except for invalid UTF-8", async () => {
  const names = ['two words', '  ', '\x1b[31mred', 'line\nfeed\n', '\n', 'tab\t\\', '12 a) (b', 'ünï'];
  const bytes = Buffer.from([0x61, 0xff, 0xe4, 0xbd]);
  const { pid, stacks } = await startThreads(...names.map((name) => ({ name })), { name: bytes });
  const expected = [...names, 'a\ufffd\ufffd'];
  expect(await partsOf(pid)).toEqual(byStart(stacks.map((stack, i) => partOf(stack, expected[i]))));
});

describe('threads that glibc does not know', () => {
  it('have the region that they are in, if a guard is below', async () => {
    const { pid, stacks } = await startThreads({ memory: 'raw' }, { memory: 'raw', guard: 5 * PAGE }, {});
    expect(await partsOf(pid)).toEqual(partsFor(stacks));
  });

  it.each<[string, Parameters<typeof startThreads>[0]]>([
    ['has no guard', { memory: 'raw', guard: 0 }],
    ['is too large for a stack', { memory: 'huge' }],
  ])('have but the page of their stack pointer in a region that %s', async (_, thread) => {
    const { pid, stacks } = await startThreads(thread);
    const parts = await partsOf(pid);
    expect(parts).toEqual([partOf({ ...stacks[0]!, start: parts[0]!.start, end: parts[0]!.end })]);
    expect(parts[0]!.end - parts[0]!.start).toBe(BigInt(PAGE));
    expect(parts[0]!.end).toBe(stacks[0]!.end);
  });

  it('are missing while they run', async () => {
    const { pid, stacks } = await startThreads({ memory: 'raw', state: 'spin' }, {});
    expect(await partsOf(pid)).toEqual([partOf(stacks[1]!)]);
  });
});

describe('every thread but the main one has a stack, of', () => {
  it('Node, with workers and a pool', async () => {
    const { pid } = await startTarget(process.execPath, [join(fixtures, 'threads.mjs')]);
    await expectStackOfEachThread(pid);
  });

  it.skipIf(noJava)(`a JVM${noJava ? ` (${noJava})` : ''}`, async () => {
    const { pid } = await startTarget('java', [join(fixtures, 'Threads.java')]);
    const names = await expectStackOfEachThread(pid);
    expect(names).toEqual(
      expect.arrayContaining(['order queue', 'a name of more ', 'VM Thread', 'Finalizer']),
    );
  });
});

/** Expects each stack to hold its thread's stack pointer, if there is one. */
async function expectStackOfEachThread(pid: number): Promise<string[]> {
  let before: number[];
  let parts: Part[];
  do {
    before = tidsOf(pid);
    parts = await partsOf(pid);
  } while (before.join() !== tidsOf(pid).join()); // a thread started or ended meanwhile
  expect(new Set([pid, ...parts.map(tidOf)])).toEqual(new Set(before));
  expect(parts).toHaveLength(before.length - 1);
  for (const part of parts) {
    const syscall = readFileSync(`/proc/${pid}/task/${tidOf(part)}/syscall`, 'utf8');
    const pointer = BigInt(syscall.split(' ').at(-2) ?? part.start);
    expect(pointer >= part.start && pointer < part.end, `${tidOf(part)}: ${syscall}`).toBe(true);
  }
  return parts.map(({ facts }) => facts.thread!.name);
}

it('copes with threads that start and end all the time', async () => {
  const { pid, stacks } = await startThreads({ count: 2 }, { state: 'churn', count: 2 });
  const target = await open(pid);
  for (let i = 0; i < 200; i++) {
    const parts = threadStackParts(threadsOf(pid), mapsOf(pid), target);
    const lasting = parts.filter(({ facts: { thread } }) =>
      stacks.some(({ tid }) => thread?.id === tid && thread.name === 'threads'),
    );
    expect(byStart(lasting)).toEqual(partsFor(stacks));
    expect(parts.every(({ start, end }) => start < end)).toBe(true);
  }
});

it('finds no threads in a process that has ended', async () => {
  const threads = await startThreads({});
  const target = await open(threads.pid);
  const regions = mapsOf(threads.pid);
  await threads.stop();
  expect(threadStackParts(threadsOf(threads.pid), regions, target)).toEqual([]);
});

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { prepareDump } from '../../src/dump/dump.ts';
import { countStrings, type Coverage, MemscanError, openTarget, scanStrings } from '../../src/index.ts';
import { noCoverage } from '../../src/memory/coverage.ts';
import { linesOf, memscan } from '../fixtures/cli.ts';
import { compile } from '../fixtures/compile.ts';
import { withEnvironment } from '../fixtures/environment.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { startTarget } from '../fixtures/process.ts';
import { seedOfRun } from '../fixtures/seed.ts';

/** Number of random targets that change while they are scanned; `MEMSCAN_TURMOIL=500` tests more. */
const ROUNDS = Number(process.env['MEMSCAN_TURMOIL'] ?? 40);

/** Time limit for every operation, however the target changes. */
const PATIENCE_MS = 10_000;

const folder = temporaryFolder();

/** xorshift32 */
function randomOf(seed: number): (below: number) => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

type Random = (below: number) => number;

/** Errors that are allowed for a target that becomes another program, before or while it is scanned. */
const EXPECTED: ReadonlySet<string> = new Set(['TARGET_ENDED', 'NO_SUCH_PROCESS', 'NO_MEMORY_OF_ITS_OWN']);

const isExpected = (error: unknown): boolean => error instanceof MemscanError && EXPECTED.has(error.code);

function expectSum({ mapped, ...parts }: Coverage, finished: boolean): void {
  for (const [name, bytes] of Object.entries(parts)) expect(bytes, name).toBeGreaterThanOrEqual(0);
  expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(mapped);
  if (finished) expect(parts.notReached).toBe(0);
}

const optionsOf = (random: Random) => ({
  all: random(2) === 0,
  min: 1 + random(20),
  jobs: 1 + random(8),
  chunkSize: [1 << 20, 65536, 4096, 1 + random(100_000)][random(4)]!,
});

const WAYS: readonly (readonly [name: string, look: (pid: number, random: Random) => Promise<void>])[] = [
  ['strings', lookForStrings],
  ['count', count],
  ['residency', lookAtResidency],
  ['core', (pid, random) => dump(pid, random, 'core')],
  ['raw', (pid, random) => dump(pid, random, 'raw')],
  ['command', runCommand],
];

async function lookForStrings(pid: number, random: Random): Promise<void> {
  const target = await openTarget(pid);
  const scan = scanStrings(target, {
    ...optionsOf(random),
    pattern: random(2) === 0 ? /gone in a m.ment/ : 'text',
  });
  let last = -1n;
  let finished = false;
  try {
    for await (const { address, length } of scan) {
      expect(address > last).toBe(true);
      last = address + BigInt(length) - 1n;
    }
    finished = true;
  } finally {
    expectSum(scan.stats.coverage, finished);
    target.close();
  }
}

async function count(pid: number, random: Random): Promise<void> {
  const target = await openTarget(pid);
  try {
    expect(await countStrings(target, optionsOf(random))).toBeGreaterThanOrEqual(0);
  } finally {
    target.close();
  }
}

async function lookAtResidency(pid: number): Promise<void> {
  const target = await openTarget(pid);
  try {
    const residency = await target.residency();
    expect(residency).toHaveLength(target.classifyRegions().length);
    for (const [i, { start, end }] of target.classifyRegions().entries()) {
      const { resident, swapped } = residency[i]!;
      expect(resident + swapped).toBeLessThanOrEqual(Number(end - start));
    }
  } finally {
    target.close();
  }
}

async function dump(pid: number, random: Random, format: 'core' | 'raw'): Promise<void> {
  const path = join(folder, `dump-${pid}`);
  const target = await openTarget(pid);
  const coverage = noCoverage();
  try {
    const { start, end } = target.classifyRegions()[random(target.classifyRegions().length)]!;
    const ranges =
      format === 'raw' ? [{ start, end: end > start + (1n << 30n) ? start + (1n << 30n) : end }] : [];
    const job = await prepareDump(target, { selection: { all: false, ranges }, format, path, force: false });
    await job.write(coverage);
    expectSum(coverage, true);
  } finally {
    target.close();
    rmSync(path, { force: true });
  }
}

const COMMANDS: readonly ((pid: string) => readonly string[])[] = [
  (pid) => [pid, '--json'],
  (pid) => [pid, '--grep', 'gone', '--count', '--all'],
  (pid) => ['maps', pid, '--json'],
  (pid) => ['maps', pid],
  (pid) => ['dump', pid, '--force', '-o', join(folder, `core-${pid}`)],
  (pid) => ['doctor', pid],
];

async function runCommand(pid: number, random: Random): Promise<void> {
  const args = COMMANDS[random(COMMANDS.length)]!(String(pid));
  const { code, signal, stdout, stderr } = await memscan(args);
  expect(signal).toBe(null);
  expect([0, 1, 2], stderr).toContain(code);
  expect(stderr).not.toContain('unexpected error');
  if (code === 2) expect(stderr).toMatch(/memscan: .*(ended|no such process|no memory|another program)/);
  if (args.includes('--json') && code === 0) for (const line of linesOf(stdout)) JSON.parse(line);
}

/** Tests one target in every way. Returns how many operations completed. Throws on anything unexpected. */
async function round(seed: number): Promise<number> {
  const random = randomOf(seed);
  const execs = random(4) === 0 ? '1' : '0';
  const target = await startTarget(compile('turmoil'), [String(seed), String(1 + random(4)), execs]);
  const pagemap = random(3) === 0 ? 'entries' : '';
  let done = 0;
  try {
    await withEnvironment('MEMSCAN_PAGEMAP', pagemap, async () => {
      for (let i = 0; i < 3; i++) {
        const [name, look] = WAYS[random(WAYS.length)]!;
        if (await inTime(name, look(target.pid, random))) done++;
      }
    });
  } finally {
    await target.stop();
  }
  return done;
}

/** Returns whether the work completed; the target may end before. */
async function inTime(name: string, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} takes longer than ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([work, late]);
    return true;
  } catch (error) {
    if (!isExpected(error)) throw error;
    return false;
  } finally {
    clearTimeout(timer!);
  }
}

describe('a target that changes while it is scanned', () => {
  it(
    `breaks nothing, in ${ROUNDS} rounds`,
    async () => {
      let done = 0;
      for (let i = 0; i < ROUNDS; i++) {
        const seed = seedOfRun() + i;
        done += await round(seed).catch((error: unknown) => {
          throw new Error(`round ${i}: MEMSCAN_SEED=${seed} MEMSCAN_TURMOIL=1 repeats it`, { cause: error });
        });
      }
      expect(done).toBeGreaterThan(0);
    },
    ROUNDS * PATIENCE_MS,
  );
});

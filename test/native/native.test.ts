import { execFile, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, it } from 'vitest';

import { KERNELS } from '../fixtures/environment.ts';
import { testsPassed } from '../fixtures/googletest.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Builds a target of CMakeLists.txt. Returns the folder with its programs. */
async function build(flavour: string, target: string): Promise<string> {
  const { stdout } = await run('node', ['scripts/native.mjs', flavour, target], { cwd: root });
  return stdout.trim();
}

/** Runs a program and returns its output. Throws an error with the output if it fails. */
async function runProgram(...[program, ...args]: [string, ...string[]]): Promise<string> {
  try {
    return (await run(program, args)).stdout;
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    throw new Error(`${stdout}\n${stderr.slice(0, 4000)}`, { cause });
  }
}

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** Programs that run their tests with every kernel. */
const PROGRAMS = ['kernels_test', 'conditions_test', 'hits_test', 'sample_test'];

/** Compare implementations with each other. */
const COMPARING = ['shapes_test', 'page_content_test'];

const THREADED = 'crew_test';

const FUZZERS = readdirSync(join(root, 'test/fuzz/corpus'));

describe('programs', () => {
  const sourcesIn = (folder: string, end: string): string[] =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(end))
      .map((name) => name.replace('.cc', ''));

  it('are all run', () => {
    const tests = sourcesIn('test/native', '_test.cc');
    expect([...PROGRAMS, ...COMPARING, THREADED].toSorted()).toEqual(tests.toSorted());
    expect(FUZZERS.toSorted()).toEqual(sourcesIn('test/fuzz', '_fuzz.cc').toSorted());
    expect(KERNELS.length).toBeGreaterThan(0);
  });
});

describe('under the address and undefined-behaviour sanitizers', () => {
  let programs: string;
  beforeAll(async () => {
    programs = await build('address', 'all_tests');
  }, 600_000);

  it.concurrent.each(PROGRAMS)(
    '%s: every kernel does what the definition says, at every alignment and length, and reads no further than it may',
    async (test) => {
      const output = await runProgram(join(programs, test));
      expect(testsPassed(output)).toBeGreaterThan(0);
      for (const kernel of KERNELS) expect(output).toMatch(new RegExp(`OK \\].*/${kernel} `));
    },
    600_000,
  );

  it.each(COMPARING)('%s: every implementation gives the same', async (test) => {
    expect(testsPassed(await runProgram(join(programs, test)))).toBeGreaterThan(0);
  });

  it.each(FUZZERS)('%s breaks nothing with any known input', async (fuzzer) => {
    const seeds = join(root, 'test/fuzz/corpus', fuzzer);
    const output = await runProgram(join(programs, fuzzer), seeds);
    expect(output).toBe(`${readdirSync(seeds).length} inputs\n`);
  });
});

describe('under the thread sanitizer', () => {
  it('jobs begin and end on many threads, some cancelled', async () => {
    const programs = await build('thread', THREADED);
    expect(testsPassed(await runProgram(join(programs, THREADED)))).toBeGreaterThan(0);
  }, 600_000);
});

describe('on arm64, emulated', () => {
  // Shown as skipped where the cross compiler and the emulator are not installed.
  const emulated = has('aarch64-linux-gnu-g++') && has('qemu-aarch64');
  it.skipIf(!emulated)(
    'the kernels do what the definition says',
    async () => {
      const programs = await build('arm64', 'kernels_test');
      for (const test of PROGRAMS.slice(1)) await build('arm64', test);
      for (const test of PROGRAMS) {
        const output = await runProgram('qemu-aarch64', '-L', '/usr/aarch64-linux-gnu', join(programs, test));
        expect(testsPassed(output)).toBeGreaterThan(0);
        expect(output).toMatch(/OK \].*\/neon /);
      }
    },
    600_000,
  );
});

import { execFile, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { KERNELS } from '../fixtures/environment.ts';
import { temporaryFolder } from '../fixtures/memory.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder();

const kernels = readdirSync(join(root, 'native/kernels'))
  .filter((name) => name.endsWith('.cc'))
  .map((name) => `native/kernels/${name}`);
const sources = [
  'test/native/kernels_test.cc',
  'test/native/conditions_test.cc',
  'native/places.cc',
  'native/strings.cc',
  'native/text.cc',
  ...kernels,
];
const seed = process.env['MEMSCAN_SEED'] ?? String(Date.now() % 2 ** 31);

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

async function compile(compiler: string, ...flags: string[]): Promise<string> {
  const program = join(folder, `kernels_test-${compiler}`);
  await run(compiler, ['-std=c++20', ...flags, ...sources, '-o', program], { cwd: root });
  return program;
}

async function runTest(...command: [string, ...string[]]): Promise<string> {
  const [program, ...args] = command;
  const done = await run(program, [...args, seed]).catch(
    (error: Error & { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}\n${error.stderr.slice(0, 4000)}`, { cause: error });
    },
  );
  expect(done.stdout).toContain('\n0 failures');
  return done.stdout;
}

describe('kernels agree with the reference at every alignment and length, and read no further than they may', () => {
  it('on this CPU, under the address and undefined-behaviour sanitizers', async () => {
    const program = await compile(
      'g++',
      '-O1',
      '-g',
      '-fsanitize=address,undefined',
      '-fno-sanitize-recover=all',
    );
    const output = await runTest(program);
    for (const kernel of KERNELS) expect(output).toContain(`${kernel} done`);
  }, 300_000);

  // Shown as skipped where the cross compiler and the emulator are not installed.
  const emulated = has('aarch64-linux-gnu-g++') && has('qemu-aarch64');
  it.skipIf(!emulated)(
    'on arm64, emulated',
    async () => {
      const program = await compile('aarch64-linux-gnu-g++', '-O2', '-static');
      expect(await runTest('qemu-aarch64', program)).toContain('neon done');
    },
    300_000,
  );
});

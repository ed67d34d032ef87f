import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

import { temporaryFolder } from '../fixtures/memory.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder();
const seed = process.env['MEMSCAN_SEED'] ?? String(Date.now() % 2 ** 31);

const SOURCES = ['', '_avx2', '_avx512'].map((isa) => `native/content/shape${isa}.cc`);

it('every implementation of shapes gives the same keys, under the sanitizers', async () => {
  const program = join(folder, 'shapes_test');
  const flags = ['-std=c++20', '-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
  await run('g++', [...flags, 'test/native/shapes_test.cc', ...SOURCES, '-o', program], { cwd: root });
  const { stdout } = await run(program, [seed]).catch((error: Error & { stdout: string; stderr: string }) => {
    throw new Error(`seed ${seed}\n${error.stdout}\n${error.stderr.slice(0, 4000)}`, { cause: error });
  });
  expect(stdout).toContain('\n0 failures');
}, 300_000);

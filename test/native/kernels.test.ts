import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { KERNELS } from '../fixtures/environment.ts';
import { temporaryFolder } from '../fixtures/memory.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder();

describe('kernels', () => {
  it('agree with the reference at every alignment and length, and read no further than they may', async () => {
    const program = join(folder, 'kernels_test');
    const kernels = ['avx2', 'avx512', 'kernel', 'neon', 'scalar'].map((name) => `native/kernels/${name}.cc`);
    const sources = ['test/native/kernels_test.cc', 'native/strings.cc', 'native/text.cc', ...kernels];
    const flags = ['-std=c++20', '-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    await run('g++', [...flags, ...sources, '-o', program], { cwd: root });

    const seed = process.env['MEMSCAN_SEED'] ?? String(Date.now() % 2 ** 31);
    const { stdout } = await run(program, [seed]).catch(
      (error: Error & { stdout: string; stderr: string }) => {
        throw new Error(`${error.stdout}\n${error.stderr.slice(0, 4000)}`);
      },
    );
    for (const kernel of KERNELS) expect(stdout).toContain(`${kernel} done`);
    expect(stdout).toContain('0 failures');
  }, 300_000);
});

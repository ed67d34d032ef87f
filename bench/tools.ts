import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { scratch } from './cleanup.ts';

/** Path of the package's folder, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const COMPILE = {
  target: ['cc', 'target.c'],
  rusage: ['cc', 'rusage.c'],
  heartbeat: ['cc', 'heartbeat.c', '-pthread'],
  copy: ['c++', 'copy.cc', '-std=c++20', '-pthread'],
} as const;

/** Path of one of the benchmark's own programs. */
export const tool = (name: keyof typeof COMPILE): string => scratch(name);

export function compileTools(): void {
  for (const [name, [compiler, source, ...flags]] of Object.entries(COMPILE)) {
    const args = [...flags, '-O2', '-o', scratch(name), `${root}bench/${source}`];
    execFileSync(compiler, args, { stdio: 'inherit' });
  }
}

export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((path) => isExecutable(join(path, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

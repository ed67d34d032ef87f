import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Set<ChildProcess>();
let folder: string | undefined;

/** Returns a path for a temporary file, which is deleted at the end of the benchmark. */
export function scratch(name: string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'memscan-bench-'));
  return join(folder, name);
}

/** Must be called first. However the benchmark ends, stops the processes it started and deletes its files. */
export function cleanUpAtEnd(): void {
  process.once('exit', () => {
    for (const child of running) endProcess(child);
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

/** Ends the process, which was spawned `detached`, with its descendants when the benchmark ends. */
export function endWithUs(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

export function endProcess(child: ChildProcess): void {
  if (!running.delete(child) || child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

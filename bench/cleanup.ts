import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Set<ChildProcess>();
let folder: string | undefined;

/** The path of a file the benchmark writes. It goes away with the benchmark. */
export function scratch(name: string): string {
  folder ??= mkdtempSync(join(tmpdir(), 'memscan-bench-'));
  return join(folder, name);
}

/** To be called first: ends what runs and removes what was written when the benchmark ends, however that comes about. */
export function cleanUpAtEnd(): void {
  process.once('exit', () => {
    for (const child of running) endProcess(child);
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

/** The process, spawned `detached`, ends with the benchmark, and its descendants too. */
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
    // It has ended in the meantime.
  }
}

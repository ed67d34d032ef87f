import { setTimeout as delay } from 'node:timers/promises';

import { MemscanError } from '../../base/errors.ts';
import { compareSnapshots } from '../../content/compare.ts';
import { readSnapshots } from '../../content/snapshot-file.ts';
import { type Snapshot, snapshotNow, type SnapshotOptions } from '../../content/snapshot.ts';
import { Lifetime } from '../../proc/lifetime.ts';
import { diffJsonLines, diffTextLines } from '../show/diff-lines.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface DiffOptions {
  readonly compared: Compared;
  /** Rows of each table; Infinity = all. */
  readonly limit: number;
  readonly json: boolean;
}

/** Files of snapshots, one or two, or a process that is scanned twice. */
export type Compared =
  | { readonly files: readonly [string, string?] }
  | { readonly pid: number; readonly milliseconds: number; readonly scan: SnapshotOptions };

/** `memscan diff`: prints what grew and what shrank. Returns whether anything did. Throws MemscanError and BrokenPipe. */
export async function diff(options: DiffOptions, { stdout }: Terminal): Promise<boolean> {
  const [first, second] = await snapshotsOf(options.compared);
  const comparison = compareSnapshots(first, second);
  const report = { first, second, comparison, limit: options.limit };
  const lines = options.json ? diffJsonLines(report) : diffTextLines(report, stdout.columns);
  await stdout.write([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
  const { kinds, classes, families } = comparison;
  return [kinds, classes, families].some(({ length }) => length > 0);
}

async function snapshotsOf(compared: Compared): Promise<[Snapshot, Snapshot]> {
  if ('files' in compared) {
    const [path, other] = compared.files;
    return other === undefined
      ? firstAndLast(path)
      : [(await readSnapshots(path)).first, (await readSnapshots(other)).last];
  }
  const life = new Lifetime(compared.pid);
  const due = performance.now() + compared.milliseconds;
  const first = await snapshotNow(compared.pid, compared.scan);
  await delay(Math.max(0, due - performance.now()));
  const second = await snapshotNow(compared.pid, compared.scan);
  life.checkNotReplaced();
  return [first, second];
}

async function firstAndLast(path: string): Promise<[Snapshot, Snapshot]> {
  const { first, last, count } = await readSnapshots(path);
  if (count > 1) return [first, last];
  throw new MemscanError(
    'BAD_OPTION',
    `there is only one snapshot in ${path}`,
    'give another one to compare it with: memscan diff A B',
  );
}

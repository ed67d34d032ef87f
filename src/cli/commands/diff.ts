import { setTimeout as delay } from 'node:timers/promises';

import { compareSnapshots } from '../../content/compare.ts';
import { type Snapshot, takeSnapshot } from '../../content/snapshot.ts';
import { readSnapshot } from '../../content/snapshot-file.ts';
import { MemscanError } from '../../errors.ts';
import { openTarget } from '../../target/open.ts';
import { diffJsonLines, diffTextLines } from '../diff-lines.ts';
import type { Compared, DiffOptions } from '../options/diff.ts';
import type { Terminal } from '../terminal.ts';

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
    const [first, second] = compared.files;
    return [await readSnapshot(first), await readSnapshot(second)];
  }
  const first = await snapshotNow(compared);
  await delay(Math.max(0, first.time + compared.milliseconds - Date.now()));
  const second = await snapshotNow(compared);
  if (first.target.identity === second.target.identity) return [first, second];
  throw new MemscanError(
    'TARGET_ENDED',
    `process ${compared.pid} ended meanwhile, and its pid was given to another process`,
    'compare what runs now',
  );
}

/** Opened anew each time: regions are those of that moment. */
async function snapshotNow({ pid, snapshot }: Extract<Compared, { pid: number }>): Promise<Snapshot> {
  const target = await openTarget(pid);
  try {
    return await takeSnapshot(target, snapshot);
  } finally {
    target.close();
  }
}

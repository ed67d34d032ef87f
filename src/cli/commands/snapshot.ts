import { encodeSnapshot } from '../../content/snapshot-file.ts';
import { type SnapshotOptions as Taken, takeSnapshot } from '../../content/snapshot.ts';
import { NewFile } from '../../files/new-file.ts';
import { selectionOf } from '../../memory/selection.ts';
import { newStats } from '../../scan/scan.ts';
import { openTarget } from '../../targets/open.ts';
import { summary } from '../show/summary.ts';
import { onEnd } from '../terminal/interrupt.ts';
import { startProgress } from '../terminal/progress.ts';
import { report } from '../terminal/report.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface SnapshotOptions {
  readonly target: number | string;
  readonly scan: Taken;
  /** A path. */
  readonly output: string;
  readonly force: boolean;
  readonly progress: boolean;
}

/**
 * `memscan snapshot`: writes what fills a target's memory to a file. Returns whether there was anything. Throws
 * MemscanError. Whatever ends it, the file is whole, or there is none.
 */
export async function snapshot(options: SnapshotOptions, { stderr }: Terminal): Promise<boolean> {
  const target = await openTarget(options.target);
  const stats = newStats();
  const resident = target.residentBytes();
  const expected = (): number => target.expectedBytes(selectionOf(options.scan));
  const progress = startProgress(options.progress, stderr, stats, expected);
  let file: NewFile | undefined;
  // Set before there is a file: whenever a signal comes, no half file must stay.
  onEnd(() => {
    file?.discard();
    progress?.stop();
    if (options.progress) stderr.write('memscan: interrupted: nothing was kept\n');
  });
  try {
    file = NewFile.create(options.output, options.force);
    const started = performance.now();
    const taken = await takeSnapshot(target, options.scan, stats);
    if (taken.scanned > 0) {
      await file.write({ bytes: encodeSnapshot(taken), position: 0 });
      file.keep();
    }
    progress?.stop();
    const seconds = (performance.now() - started) / 1000;
    if (options.progress && taken.scanned === 0) stderr.write('memscan: there was nothing to keep\n');
    if (options.progress) report(stderr, summary(target, stats, resident, seconds, false));
    return taken.scanned > 0;
  } finally {
    file?.discard();
    progress?.stop();
    target.close();
  }
}

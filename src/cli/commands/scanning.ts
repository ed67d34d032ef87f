import { MemscanError } from '../../base/errors.ts';
import { selectionOf } from '../../memory/selection.ts';
import type { PassOptions } from '../../scan/pass.ts';
import { openTarget } from '../../targets/open.ts';
import type { Target } from '../../targets/target.ts';
import { summary } from '../show/summary.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { BrokenPipe } from '../terminal/output.ts';
import { type Progress, type Progressing, startProgress } from '../terminal/progress.ts';
import { report } from '../terminal/report.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface ScanningOptions {
  readonly target: number | string;
  readonly scan: PassOptions;
  readonly progress: boolean;
}

export interface Scanning {
  /** What the scan has done so far; it counts here. */
  readonly stats: Progressing;
  readonly run: (target: Target, progress: Progress | undefined) => Promise<void>;
  /** Prints what belongs before the summary. */
  readonly finish?: () => void;
}

/**
 * Opens the target and runs what scans it. Whatever ends the scan, an interrupt too, the summary is printed first, except
 * after a broken pipe, where nobody listens any more. Throws MemscanError and BrokenPipe.
 */
export async function scanning(
  options: ScanningOptions,
  terminal: Terminal,
  { stats, run, finish }: Scanning,
): Promise<void> {
  const target = await openTarget(options.target);
  const resident = target.residentBytes();
  const expected = (): number => target.expectedBytes(selectionOf(options.scan));
  const progress = startProgress(options.progress, terminal.stderr, stats, expected);
  const started = performance.now();
  const end = (ended = false): void => {
    progress?.stop();
    finish?.();
    const seconds = (performance.now() - started) / 1000;
    if (options.progress) report(terminal.stderr, summary(target, stats, resident, seconds, ended));
  };
  onInterrupt(() => end());
  try {
    await run(target, progress);
    end();
  } catch (error) {
    if (error instanceof BrokenPipe) progress?.stop();
    else end(hasEnded(error));
    throw error;
  } finally {
    target.close();
  }
}

/** Whether the error means that the target ended. */
export const hasEnded = (error: unknown): boolean =>
  error instanceof MemscanError && error.code === 'TARGET_ENDED';

/**
 * Runs `count`, then `print`; where the target ends meanwhile, what was counted until then is printed, too. Throws what
 * they do.
 */
export async function countThenPrint(count: () => Promise<void>, print: () => Promise<void>): Promise<void> {
  try {
    await count();
  } catch (error) {
    if (hasEnded(error)) await print();
    throw error;
  }
  await print();
}

import { constants } from 'node:os';

import { ownProcess } from '../../native/own-process.ts';
import { EXIT } from './exit.ts';

/** Milliseconds from Ctrl-C to the end at most: during a long regular expression `finish` is not called in time. */
const PATIENCE_MS = 90;

/**
 * On Ctrl-C, calls `finish` and ends the process. Not by process.exit(), which would wait for threads: one may be stuck
 * in a write, since its reader has paused.
 */
export function onInterrupt(finish: () => void): void {
  process.once('SIGINT', () => {
    finish();
    ownProcess.exitNow(EXIT.interrupted);
  });
  ownProcess.exitAfterInterrupt(EXIT.interrupted, PATIENCE_MS);
}

/** As onInterrupt(), also on SIGTERM and SIGHUP: for work that must not stay half done. */
export function onEnd(finish: () => void): void {
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      finish();
      ownProcess.exitNow(128 + constants.signals[signal]);
    });
  }
  onInterrupt(finish);
}

/**
 * A signal that the first Ctrl-C, SIGTERM or SIGHUP aborts, so that the work comes to a proper end. The second ends the
 * process at once.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => controller.abort());
  return controller.signal;
}

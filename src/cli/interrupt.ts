import { constants } from 'node:os';

import { ownProcess } from '../native/own-process.ts';
import { EXIT } from './exit.ts';

/** From Ctrl-C to the end, at the most: in a long regular expression, say, `finish` is not called in time. */
const PATIENCE_MS = 90;

/**
 * On Ctrl-C, calls `finish` and ends the process. Not by process.exit(), which would wait for threads: one may be stuck
 * in a write, for a reader that stands still.
 */
export function onInterrupt(finish: () => void): void {
  process.once('SIGINT', () => {
    finish();
    ownProcess.exitNow(EXIT.interrupted);
  });
  ownProcess.exitAfterInterrupt(EXIT.interrupted, PATIENCE_MS);
}

/** The same, also for the other signals that ask to end: what must not stay half done is undone. */
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
 * What the first Ctrl-C, or another signal that asks to end, aborts: who listens comes to a proper end. The second ends
 * the process at once.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => controller.abort());
  return controller.signal;
}

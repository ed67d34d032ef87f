import { addon } from '../native.ts';
import { EXIT } from './exit.ts';

/**
 * On Ctrl-C, calls `finish` and ends the process. Not by process.exit(), which would wait for threads: one may be stuck
 * in a write, for a reader that stands still.
 */
export function onInterrupt(finish: () => void): void {
  process.once('SIGINT', () => {
    finish();
    addon.exitNow(EXIT.interrupted);
  });
}

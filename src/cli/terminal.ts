import { isatty } from 'node:tty';

import { Output } from './output.ts';

/** Where a command writes, and what interrupts it: the process ends as soon as the listeners of `signal` are done. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

export function openTerminal(signal: AbortSignal): Terminal {
  return { stdout: new Output(1, isatty(1)), stderr: process.stderr, signal };
}

/** https://no-color.org: NO_COLOR, if not empty, turns colours off that were not asked for by an option. */
export function wantsColor(choice: 'auto' | 'always' | 'never', isTTY: boolean): boolean {
  if (choice !== 'auto') return choice === 'always';
  return isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

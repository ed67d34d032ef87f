import { isatty, WriteStream } from 'node:tty';

import { Output } from './output.ts';

/** Where a command writes. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: NodeJS.WriteStream;
}

export function openTerminal(): Terminal {
  const stdout = isatty(1) ? new Output(1, true, terminalSize) : new Output(1, false);
  return { stdout, stderr: process.stderr };
}

// A stream knows the size that the terminal had when it was made.
const terminalSize = (): [number, number] => new WriteStream(1).getWindowSize();

/** https://no-color.org: NO_COLOR, if not empty, turns off colors that no option asks for. */
export function wantsColor(choice: 'auto' | 'always' | 'never', isTTY: boolean): boolean {
  if (choice !== 'auto') return choice === 'always';
  return isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

/** The fewest columns that lines are made to fit. */
export const LEAST_COLUMNS = 40;

/** Whether lines that fit can be written over later: not where the terminal's size is unknown. */
export const isAddressable = (output: Output): boolean =>
  output.isTTY && process.env['TERM'] !== 'dumb' && output.size().columns >= LEAST_COLUMNS;

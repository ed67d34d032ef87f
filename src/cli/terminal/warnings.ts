import { visible } from '../../base/escape.ts';
import { grouped } from '../show/amounts.ts';
import type { Progress } from './progress.ts';

/** Warnings shown; further ones are only counted. */
const MOST_SHOWN = 10;

/** Reports on stderr the strings on which patterns were given up. */
export class Warnings {
  private count = 0;
  private progress: Progress | undefined;

  constructor(private readonly stderr: NodeJS.WritableStream) {}

  /** Sets the progress bar that warnings take the place of. */
  over(progress: Progress | undefined): void {
    this.progress = progress;
  }

  /** Reports a pattern that took longer than `milliseconds` on the string at `address`; without them, too much memory. */
  givenUp(pattern: string, address: bigint, milliseconds?: number): void {
    if (++this.count > MOST_SHOWN) return;
    this.progress?.clear();
    this.stderr.write(
      `memscan: given up ${reasonOf(milliseconds)}: ${visible(pattern)} on the string at 0x${address.toString(16)}, taken not to match\n`,
    );
  }

  /** Reports at the end how many there were, where not all were shown. */
  finish(): void {
    if (this.count > MOST_SHOWN) {
      this.stderr.write(`memscan: given up on ${grouped(this.count)} strings in all: they may match, too\n`);
    }
  }
}

const reasonOf = (milliseconds: number | undefined): string =>
  milliseconds === undefined
    ? 'for want of memory'
    : `after ${(milliseconds / 1000).toPrecision(2).replace(/\.?0+$/, '')} s`;

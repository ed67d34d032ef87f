import type { WriteStream } from 'node:tty';

import prettyBytes from 'pretty-bytes';

import type { Coverage } from '../../memory/coverage.ts';
import { grouped, rate } from '../show/amounts.ts';

const EVERY_MS = 100;
const BAR = 24;
const CLEAR_LINE = '\r\x1b[K';

/** What a scan or a dump has done so far. */
export interface Progressing {
  readonly coverage: Coverage;
  /** Found so far, where strings are searched for. */
  readonly strings?: number;
  /** Found so far, where bytes or pointers are searched for. */
  readonly hits?: number;
}

/** A progress bar, where it is wanted and there is a terminal for it; only then `total` is called. */
export const startProgress = (
  isWanted: boolean,
  terminal: NodeJS.WriteStream,
  stats: Progressing,
  total: () => number,
): Progress | undefined => (isWanted && terminal.isTTY ? new Progress(terminal, stats, total()) : undefined);

/** A line on the terminal that shows how far a scan or a dump is. It gives way to other output. */
export class Progress {
  private readonly started = performance.now();
  private readonly timer: NodeJS.Timeout;
  private shown = false;

  /** `total`: about how many bytes will be read. */
  constructor(
    private readonly terminal: WriteStream,
    private readonly stats: Progressing,
    private readonly total: number,
  ) {
    this.timer = setInterval(() => this.draw(), EVERY_MS);
  }

  /** Takes the line away until it is drawn again. */
  clear(): void {
    if (this.shown) this.terminal.write(CLEAR_LINE);
    this.shown = false;
  }

  stop(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private draw(): void {
    const seconds = (performance.now() - this.started) / 1000;
    const line = progressLine(this.stats, this.total, seconds);
    this.terminal.write(CLEAR_LINE + line.slice(0, Math.max(0, this.terminal.columns - 1)));
    this.shown = true;
  }
}

function progressLine({ coverage, strings, hits }: Progressing, total: number, seconds: number): string {
  const found = strings ?? hits;
  const fraction = total > 0 ? Math.min(1, coverage.scanned / total) : 1;
  const full = Math.round(fraction * BAR);
  const left = fraction > 0 ? Math.ceil((seconds / fraction) * (1 - fraction)) : 0;
  return [
    '█'.repeat(full) + '░'.repeat(BAR - full),
    `${Math.floor(fraction * 100)}%`.padStart(4),
    rate(coverage.scanned, seconds),
    ...(found === undefined ? [] : [`${grouped(found)} found`]),
    `${formatSeconds(left)} left`,
    `of ${prettyBytes(total, { binary: true })}`,
  ].join('  ');
}

const formatSeconds = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

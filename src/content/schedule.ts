import { setTimeout as delay } from 'node:timers/promises';

/** The time by a clock that nobody sets, in milliseconds, and how to wait. */
export interface WatchClock {
  now(): number;
  /** Ends early when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
}

export const MACHINE_CLOCK: WatchClock = {
  now: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, { signal }).catch(() => {});
  },
};

/** When the rounds of a watch are due, from now on. Milliseconds. */
export class Schedule {
  private due: number;
  private readonly deadline: number;

  constructor(
    private readonly every: number,
    duration: number,
    private readonly clock: WatchClock,
  ) {
    // A whole number: sums are exact then, and no round is due a hair's breadth before the last.
    this.due = Math.floor(clock.now());
    this.deadline = this.due + duration;
  }

  /** A round begins: returns how many were due since the one before and did not. */
  begin(): number {
    const late = Math.max(0, Math.floor((Math.min(this.clock.now(), this.deadline) - this.due) / this.every));
    this.due += late * this.every;
    return late;
  }

  /** When the next one begins; the last one at the deadline; undefined after it. */
  next(): number | undefined {
    if (this.due >= this.deadline) return undefined;
    this.due = Math.min(this.due + this.every, this.deadline);
    return this.due;
  }
}

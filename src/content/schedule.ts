import { setTimeout as delay } from 'node:timers/promises';

/** The time in milliseconds of a monotonic clock, and a way to wait. */
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

/** When the rounds of a watch are due, in milliseconds, from now on. */
export class Schedule {
  private due: number;
  private readonly deadline: number;

  constructor(
    private readonly every: number,
    duration: number,
    private readonly clock: WatchClock,
  ) {
    // A whole number keeps sums exact, so that no round is due a fraction before the last.
    this.due = Math.floor(clock.now());
    this.deadline = this.due + duration;
  }

  /** Begins a round. Returns how many rounds were due since the previous one and did not take place. */
  begin(): number {
    const late = Math.max(0, Math.floor((Math.min(this.clock.now(), this.deadline) - this.due) / this.every));
    this.due += late * this.every;
    return late;
  }

  /** When the next round begins: the last one at the deadline, undefined after it. */
  next(): number | undefined {
    if (this.due >= this.deadline) return undefined;
    this.due = Math.min(this.due + this.every, this.deadline);
    return this.due;
  }
}

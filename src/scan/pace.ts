import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { MemscanError } from '../base/errors.ts';

/** How much a scan or a dump may take. */
export interface Bounds {
  /** Bytes read a second, at least 1 MiB; default as fast as it goes. */
  readonly maxRate?: number | undefined;
  /** CPU time that this process takes a second, in CPUs: 0.5 is half of one; at least 0.01. Default no limit. */
  readonly maxCpu?: number | undefined;
}

/** What time it is, in seconds, and how to wait. */
export interface Clock {
  now(): number;
  /** CPU time of this process. */
  cpu(): number;
  /** Ends early when the signal is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** What one thread reads a second, at least: more threads than the rate needs would only make results wait. */
const BYTES_A_THREAD = 1 << 30;

/** What was not used is caught up for so long: timers come late. */
const CREDIT_SECONDS = 0.05;

/** Holds reads back until they are within bounds. Nothing waits in a thread. */
export class Pace {
  private readonly bytes: Budget | undefined;
  private readonly cpu: Budget | undefined;
  private spent: number;

  /** Throws BAD_OPTION. */
  constructor(
    private readonly bounds: Bounds,
    private readonly clock: Clock = CLOCK,
  ) {
    const { maxRate, maxCpu } = bounds;
    if (maxRate !== undefined) this.bytes = new Budget(atLeast('maxRate', maxRate, 1 << 20), clock);
    if (maxCpu !== undefined) this.cpu = new Budget(atLeast('maxCpu', maxCpu, 0.01), clock);
    this.spent = clock.cpu();
  }

  get isBounded(): boolean {
    return this.bytes !== undefined || this.cpu !== undefined;
  }

  /** Jobs worth having in flight: two for each thread, one running and one waiting. */
  get jobs(): number {
    const { maxRate = Infinity, maxCpu = Infinity } = this.bounds;
    return 2 * Math.min(availableParallelism(), Math.ceil(maxRate / BYTES_A_THREAD), Math.ceil(maxCpu));
  }

  /** Yields the items when their bytes may be read. Ends early when `signal` is aborted. */
  async *hold<Item>(
    items: AsyncIterable<Item>,
    bytesOf: (item: Item) => number,
    signal?: AbortSignal,
  ): AsyncGenerator<Item, void> {
    if (!this.isBounded) {
      yield* items;
      return;
    }
    for await (const item of items) {
      for (let wait = this.wait(); wait > 0; wait = this.wait()) {
        await this.clock.sleep(wait, signal);
        if (signal?.aborted) return;
      }
      this.bytes?.take(bytesOf(item));
      yield item;
    }
  }

  /** Seconds until the next read. */
  private wait(): number {
    const spent = this.clock.cpu();
    this.cpu?.take(spent - this.spent);
    this.spent = spent;
    return Math.max(this.bytes?.wait() ?? 0, this.cpu?.wait() ?? 0);
  }
}

/** So much a second. What is taken is paid afterwards, by waiting. */
class Budget {
  private debt = 0;
  private last: number;

  constructor(
    private readonly aSecond: number,
    private readonly clock: Clock,
  ) {
    this.last = clock.now();
  }

  take(amount: number): void {
    this.pay();
    this.debt += amount;
  }

  /** Seconds until the debt is paid. */
  wait(): number {
    this.pay();
    return Math.max(0, this.debt / this.aSecond);
  }

  private pay(): void {
    const now = this.clock.now();
    this.debt = Math.max(-CREDIT_SECONDS * this.aSecond, this.debt - this.aSecond * (now - this.last));
    this.last = now;
  }
}

const CLOCK: Clock = {
  now: () => performance.now() / 1000,
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  sleep: async (seconds, signal) => {
    // Less than a millisecond would be no wait at all.
    await delay(Math.max(1, 1000 * seconds), undefined, { signal }).catch(() => {});
  },
};

function atLeast(name: string, value: number, least: number): number {
  if (value >= least && value < Infinity) return value;
  throw new MemscanError('BAD_OPTION', `bad ${name}: ${value}`, `give a number of at least ${least}`);
}

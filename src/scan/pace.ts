import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import { MemscanError } from '../base/errors.ts';

/** Limits on the resources of a scan or a dump. */
export interface Bounds {
  /** Bytes read per second, at least 1 MiB. Default unlimited. */
  readonly maxRate?: number | undefined;
  /** CPU time of this process per second, in CPUs: 0.5 is half of one; at least 0.01. Default unlimited. */
  readonly maxCpu?: number | undefined;
}

/** The time in seconds, and a way to wait. */
export interface Clock {
  now(): number;
  /** CPU time of this process, in seconds. */
  cpu(): number;
  /** Ends early when the signal is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** Bytes that one thread reads per second, at least: more threads than the rate needs would only make results wait. */
const BYTES_A_THREAD = 1 << 30;

/** Unused budget of this many seconds may be caught up, because timers are late. */
const CREDIT_SECONDS = 0.05;

/** Delays reads to stay within bounds. Only JavaScript waits, never a thread. */
export class Pace {
  private readonly bytes: Budget | undefined;
  private readonly cpu: Budget | undefined;
  private spent: number;

  /** Checks the bounds. Throws BAD_OPTION. */
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

  /** Useful number of jobs in flight: two for each thread, one running and one waiting. */
  get jobs(): number {
    const { maxRate = Infinity, maxCpu = Infinity } = this.bounds;
    return 2 * Math.min(availableParallelism(), Math.ceil(maxRate / BYTES_A_THREAD), Math.ceil(maxCpu));
  }

  /** Yields each item when its bytes may be read. Ends early when `signal` is aborted. */
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

/** An amount per second. It is consumed first and paid for afterwards, by waiting. */
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
    // A delay of less than a millisecond would not wait at all.
    await delay(Math.max(1, 1000 * seconds), undefined, { signal }).catch(() => {});
  },
};

function atLeast(name: string, value: number, least: number): number {
  if (value >= least && value < Infinity) return value;
  throw new MemscanError('BAD_OPTION', `bad ${name}: ${value}`, `give a number of at least ${least}`);
}

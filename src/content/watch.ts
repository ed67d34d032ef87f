import { MemscanError } from '../base/errors.ts';
import { Lifetime, type ProgramEnd } from '../proc/lifetime.ts';
import { compareSnapshots, type Comparison } from './compare.ts';
import { MACHINE_CLOCK, Schedule, type WatchClock } from './schedule.ts';
import { type Snapshot, snapshotNow, type SnapshotOptions } from './snapshot.ts';

export interface WatchOptions extends SnapshotOptions {
  /** Milliseconds from the start of one round to the start of the next, more than 0; default 30,000. */
  readonly every?: number;
  /** Milliseconds from the start of the first round to the start of the last; default until the process ends. */
  readonly duration?: number;
}

/** One round of a watch: a snapshot, and what changed. */
export interface WatchRound {
  /** Number of the round, from 1. */
  readonly round: number;
  /** Number of rounds skipped before this one, because the previous one took longer than `every`. */
  readonly skipped: number;
  readonly snapshot: Snapshot;
  /** Changes since the previous round; missing in the first. */
  readonly sinceLast?: Comparison;
  /** Changes since the first round; missing in the first. */
  readonly sinceFirst?: Comparison;
}

/** How a process ended. Times are in milliseconds since 1970. */
export interface WatchedEnd {
  readonly how: ProgramEnd;
  /** When it was last seen running. */
  readonly lastSeen: number;
  /** When the end was noticed. */
  readonly noticed: number;
}

/** The rounds of a process. Each is taken when it is due and the iteration asks for it. */
export interface Watch extends AsyncIterable<WatchRound> {
  /** How the process ended, if its end ended the iteration. */
  readonly end: WatchedEnd | undefined;
}

/**
 * Takes snapshots of a process periodically, and reports what grew since the previous one and since the first. The
 * iteration ends with the process, or after `duration`. It holds two snapshots, whatever the number of rounds.
 *
 * @example
 * const watch = watchTarget(4711, { every: 30_000, duration: 3_600_000 });
 * for await (const { snapshot, sinceFirst } of watch) {
 *   const [most] = sinceFirst?.families ?? [];
 *   console.log(new Date(snapshot.time), snapshot.resident, most?.shape, most?.perMinute);
 * }
 * if (watch.end) console.log('it', watch.end.how, 'at', new Date(watch.end.noticed));
 *
 * @throws MemscanError while iterating: BAD_OPTION; the errors of openTarget() and takeSnapshot(), except that an end of
 * the process is an error only in the first round; and the reason of `signal` once it is aborted
 */
export const watchTarget = (pid: number, options: WatchOptions = {}): Watch =>
  watchByClock(pid, options, MACHINE_CLOCK);

/** Like watchTarget(), with another clock: tests decide when rounds are due. */
export function watchByClock(pid: number, options: WatchOptions, clock: WatchClock): Watch {
  const state: { end: WatchedEnd | undefined } = { end: undefined };
  return {
    get end() {
      return state.end;
    },
    [Symbol.asyncIterator]: () => rounds(pid, options, clock, state),
  };
}

/** How often to check whether the process still runs; a check reads a small file in /proc. */
const CHECK_MS = 1000;

async function* rounds(
  pid: number,
  options: WatchOptions,
  clock: WatchClock,
  state: { end: WatchedEnd | undefined },
): AsyncGenerator<WatchRound, void> {
  const { every = 30_000, duration = Infinity } = options;
  state.end = undefined;
  checkTime('every', every);
  if (duration !== Infinity) checkTime('duration', duration);
  const life = new Life(pid, clock);
  const schedule = new Schedule(every, duration, clock);
  let first: Snapshot | undefined;
  let last: Snapshot | undefined;
  for (let round = 1; ; round++) {
    const skipped = schedule.begin();
    const snapshot = await life.snapshot(options, round);
    if (snapshot === undefined) break;
    yield { round, skipped, snapshot, ...(first && last && comparisons(first, last, snapshot)) };
    first ??= snapshot;
    last = snapshot;
    const due = schedule.next();
    if (due === undefined || !(await life.lasts(due, options.signal))) break;
  }
  state.end = life.end;
}

function checkTime(name: string, milliseconds: number): void {
  if (Number.isFinite(milliseconds) && milliseconds > 0) return;
  throw new MemscanError(
    'BAD_OPTION',
    `bad ${name}: ${milliseconds}`,
    'give a finite number of milliseconds, more than 0',
  );
}

function comparisons(first: Snapshot, last: Snapshot, snapshot: Snapshot) {
  const sinceLast = compareSnapshots(last, snapshot);
  return { sinceLast, sinceFirst: first === last ? sinceLast : compareSnapshots(first, snapshot) };
}

/** The life of one program of a process. */
class Life {
  private readonly lifetime: Lifetime;
  private lastSeen = Date.now();
  end: WatchedEnd | undefined;

  constructor(
    private readonly pid: number,
    private readonly clock: WatchClock,
  ) {
    this.lifetime = new Lifetime(pid);
  }

  /** Waits until `due`. Returns whether the program still runs. */
  async lasts(due: number, signal: AbortSignal | undefined): Promise<boolean> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.hasEnded()) return false;
      const left = due - this.clock.now();
      if (left <= 0) return true;
      await this.clock.sleep(Math.min(left, CHECK_MS), signal);
    }
  }

  /** Returns undefined if the program ended before the snapshot was complete. Throws in the first round. */
  async snapshot(options: SnapshotOptions, round: number): Promise<Snapshot | undefined> {
    try {
      const snapshot = await snapshotNow(this.pid, options);
      if (!this.hasEnded()) return snapshot;
      if (round === 1) throw endedAtOnce(this.pid, this.end!.how);
    } catch (error) {
      if (round === 1 || !(this.hasEnded() || this.isEnding(error))) throw error;
    }
    return undefined;
  }

  private hasEnded(): boolean {
    const how = this.lifetime.end();
    if (how === undefined) this.lastSeen = Date.now();
    else this.setEnd(how);
    return how !== undefined;
  }

  /** A process that is ending has lost its memory, but may still exist for a while. */
  private isEnding(error: unknown): boolean {
    if (!(error instanceof MemscanError) || !END_CODES.has(error.code)) return false;
    this.setEnd('ended');
    return true;
  }

  private setEnd(how: ProgramEnd): void {
    this.end ??= { how, lastSeen: this.lastSeen, noticed: Date.now() };
  }
}

const END_CODES: ReadonlySet<string> = new Set(['TARGET_ENDED', 'NO_SUCH_PROCESS', 'NO_MEMORY_OF_ITS_OWN']);

const endedAtOnce = (pid: number, how: ProgramEnd): MemscanError =>
  new MemscanError(
    'TARGET_ENDED',
    `process ${pid} ${how} during the first round`,
    'watch the program that runs now',
  );

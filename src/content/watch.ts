import { MemscanError } from '../base/errors.ts';
import { Lifetime, type ProgramEnd } from '../proc/lifetime.ts';
import { compareSnapshots, type Comparison } from './compare.ts';
import { MACHINE_CLOCK, Schedule, type WatchClock } from './schedule.ts';
import { type Snapshot, snapshotNow, type SnapshotOptions } from './snapshot.ts';

export interface WatchOptions extends SnapshotOptions {
  /** Milliseconds from the beginning of a round to that of the next, more than 0; default 30,000. */
  readonly every?: number;
  /** Milliseconds from the beginning of the first round to that of the last; default until the process ends. */
  readonly duration?: number;
}

/** One look at a process. */
export interface WatchRound {
  /** From 1 on. */
  readonly round: number;
  /** Rounds that were left out before it: the one before took longer than `every`. */
  readonly skipped: number;
  readonly snapshot: Snapshot;
  /** From the round before to this one. Not of the first. */
  readonly sinceLast?: Comparison;
  /** From the first round to this one. Not of the first. */
  readonly sinceFirst?: Comparison;
}

/** How a process came to its end. Times in milliseconds since 1970. */
export interface WatchedEnd {
  readonly how: ProgramEnd;
  /** When it was last seen running. */
  readonly lastSeen: number;
  /** When it was seen to have ended. */
  readonly noticed: number;
}

/** The rounds of a process, each taken when it is due and asked for. */
export interface Watch extends AsyncIterable<WatchRound> {
  /** How the process came to its end, where that ended the iteration. */
  readonly end: WatchedEnd | undefined;
}

/**
 * Takes a snapshot of a process again and again and tells what grew since the last and since the first. The iteration
 * ends with the process, or with `duration`. Two snapshots are held, whatever the number of rounds.
 *
 * @example
 * const watch = watchTarget(4711, { every: 30_000, duration: 3_600_000 });
 * for await (const { snapshot, sinceFirst } of watch) {
 *   const [most] = sinceFirst?.families ?? [];
 *   console.log(new Date(snapshot.time), snapshot.resident, most?.shape, most?.perMinute);
 * }
 * if (watch.end) console.log('it', watch.end.how, 'at', new Date(watch.end.noticed));
 *
 * @throws MemscanError while iterating: BAD_OPTION; those of openTarget() and takeSnapshot(), of the end of the process
 * only before the first round is done; and the reason of `signal`, once that is aborted
 */
export const watchTarget = (pid: number, options: WatchOptions = {}): Watch =>
  watchByClock(pid, options, MACHINE_CLOCK);

/** As watchTarget(), by any clock: for tests, which decide when rounds are due. */
export function watchByClock(pid: number, options: WatchOptions, clock: WatchClock): Watch {
  const state: { end: WatchedEnd | undefined } = { end: undefined };
  return {
    get end() {
      return state.end;
    },
    [Symbol.asyncIterator]: () => rounds(pid, options, clock, state),
  };
}

/** How often it is looked whether the process still runs: a small file of /proc is read. */
const LOOK_MS = 1000;

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

/** A process for as long as it runs its program. */
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

  /** Waits until `due`. Returns whether it still runs. */
  async lasts(due: number, signal: AbortSignal | undefined): Promise<boolean> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.hasEnded()) return false;
      const left = due - this.clock.now();
      if (left <= 0) return true;
      await this.clock.sleep(Math.min(left, LOOK_MS), signal);
    }
  }

  /** Undefined where it ended before that was done; in the first round, that is an error. */
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

  /** A process that is ending has no memory any more, but may be there for a while. */
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
  new MemscanError('TARGET_ENDED', `process ${pid} ${how} during the first round`, 'watch what runs now');

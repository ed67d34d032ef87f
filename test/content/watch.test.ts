import { beforeEach, describe, expect, it } from 'vitest';

import type { WatchClock } from '../../src/content/schedule.ts';
import { watchByClock } from '../../src/content/watch.ts';
import { type Watch, type WatchOptions, type WatchRound, watchTarget } from '../../src/index.ts';
import { compile } from '../fixtures/compile.ts';
import { type LiveTarget, startTarget } from '../fixtures/process.ts';
import { MIB, startPuppet } from '../fixtures/puppet.ts';

const PUSH = '42["push",{"channel":"websocket","userId":<n>,"unread":<n>}]';

const HOUR = 3_600_000;

/** Time passes only while it is waited for, or when a test advances it. */
class FakeClock implements WatchClock {
  readonly waits: number[] = [];
  private time = 1234.56;

  now(): number {
    return this.time;
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
  }

  async sleep(milliseconds: number, _signal?: AbortSignal): Promise<void> {
    this.waits.push(milliseconds);
    this.pass(milliseconds);
  }
}

let clock: FakeClock;
let grow: LiveTarget;
beforeEach(async () => {
  clock = new FakeClock();
  grow = await startTarget(compile('grow'));
});

/** The rounds of a watch; calls `after` for each. */
async function roundsOf(watch: Watch, after: (round: WatchRound) => Promise<void> | void = () => {}) {
  const rounds: WatchRound[] = [];
  for await (const round of watch) {
    rounds.push(round);
    await after(round);
  }
  return rounds;
}

describe('a watch', () => {
  it('reports in each round what grew since the last and since the first', async () => {
    const kept = [Number(await grow.send('push 1000'))];
    const watch = watchByClock(grow.pid, { every: 1 }, clock);
    const rounds: WatchRound[] = [];
    for await (const round of watch) {
      rounds.push(round);
      if (rounds.length === 4) break;
      kept.push(Number(await grow.send('push 20000')));
    }
    expect(rounds.map(({ round }) => round)).toEqual([1, 2, 3, 4]);
    expect(rounds[0]).not.toHaveProperty('sinceLast');
    expect(rounds[1]!.sinceLast).toBe(rounds[1]!.sinceFirst);
    for (const [i, { sinceLast, sinceFirst, snapshot }] of rounds.entries()) {
      expect(snapshot.text.bytes).toBeGreaterThan(kept[i]!);
      for (const [since, before] of [
        [sinceLast, kept[i - 1]],
        [sinceFirst, kept[0]],
      ] as const) {
        if (!since) continue;
        const grown = kept[i]! - before!;
        expect(since.families[0]).toMatchObject({ shape: PUSH });
        expect(Math.abs(since.families[0]!.growth - grown)).toBeLessThan(0.02 * grown);
      }
    }
  });

  it('ends after its time, with a last round', async () => {
    const watch = watchByClock(grow.pid, { every: HOUR, duration: 1.5 * HOUR }, clock);
    const begin = clock.now();
    const begins: number[] = [];
    const rounds = await roundsOf(watch, () => {
      begins.push(Math.round(clock.now() - begin));
    });
    // A round is due a whole number of milliseconds after the beginning, which is 0.56 ms before the clock's.
    expect(begins).toEqual([0, HOUR - 1, 1.5 * HOUR - 1]);
    expect(Math.max(...clock.waits)).toBe(1000); // then it looks whether the process still runs
    expect(rounds.map(({ round, skipped }) => [round, skipped])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(watch.end).toBeUndefined();
  });

  it('skips rounds that would begin during another, and does not catch up', async () => {
    const watch = watchByClock(grow.pid, { every: 40, duration: 800 }, clock);
    const rounds = await roundsOf(watch, ({ round }) => {
      if (round === 1) clock.pass(5.5 * 40);
      if (round === 4) clock.pass(40_000);
    });
    // Due at 40 to 200, then at 240, and so on; the last one at 800.
    expect(rounds.map(({ skipped }) => skipped)).toEqual([0, 4, 0, 0, 12]);
  });

  it('is stopped by its signal while it waits', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    clock.sleep = async () => controller.abort(reason);
    const watch = watchByClock(grow.pid, { every: HOUR, signal: controller.signal }, clock);
    const rounds: WatchRound[] = [];
    const watching = roundsOf(watch, (round) => {
      rounds.push(round);
    });
    await expect(watching).rejects.toBe(reason);
    expect([rounds.length, watch.end]).toEqual([1, undefined]);
  });

  it('waits no longer than it takes to be stopped by its signal, by the clock of the machine', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const watch = watchTarget(grow.pid, { every: HOUR, signal: controller.signal });
    const watching = roundsOf(watch, () => {
      setImmediate(() => controller.abort(reason));
    });
    await expect(watching).rejects.toBe(reason);
  });

  it.each<WatchOptions>([
    { every: 0 },
    { every: NaN },
    { every: Infinity, duration: 1 },
    { every: '1' as unknown as number, duration: 1 },
    { duration: -1 },
    { duration: NaN },
  ])('is not for %o', async (options) => {
    await expect(roundsOf(watchTarget(grow.pid, options))).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  it('requires a process that exists', async () => {
    await grow.stop();
    await expect(roundsOf(watchTarget(grow.pid))).rejects.toMatchObject({ code: 'NO_SUCH_PROCESS' });
  });
});

describe('the end of the process', () => {
  it('is noticed while the watch waits for the next round', async () => {
    const begin = Date.now();
    const watch = watchTarget(grow.pid, { every: HOUR });
    const rounds = await roundsOf(watch, () => grow.stop());
    expect(rounds.length).toBe(1);
    expect(watch.end).toMatchObject({ how: 'ended' });
    const { lastSeen, noticed } = watch.end!;
    expect(lastSeen).toBeGreaterThanOrEqual(begin);
    expect(noticed).toBeGreaterThanOrEqual(lastSeen);
  });

  it('is noticed in the middle of a round, which does not count', async () => {
    const puppet = await startPuppet();
    const watch = watchTarget(puppet.pid, { every: 1, maxRate: 4 * MIB });
    const rounds = await roundsOf(watch, async () => {
      await puppet.touch(await puppet.area(64 * MIB), 64 * MIB);
      setImmediate(() => void puppet.stop());
    });
    expect(rounds.length).toBe(1);
    expect(watch.end).toMatchObject({ how: 'ended' });
  });

  it('is that of its program', async () => {
    const puppet = await startPuppet();
    const watch = watchTarget(puppet.pid, { every: 1 });
    const rounds = await roundsOf(watch, async ({ round }) => {
      if (round === 2) await puppet.exec();
    });
    expect(rounds.length).toBe(2);
    expect(watch.end).toMatchObject({ how: 'became another program (exec)' });
  });
});

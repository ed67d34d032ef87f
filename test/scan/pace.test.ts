import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Bounds, type Clock, Pace } from '../../src/scan/pace.ts';

const MIB = 1 << 20;

/** Time passes only when a test advances it; timers are late by up to `late` seconds. */
class FakeClock implements Clock {
  private time = 1000;
  private used = 5;

  constructor(private readonly late: () => number = () => 0) {}

  now(): number {
    return this.time;
  }

  cpu(): number {
    return this.used;
  }

  work(seconds: number): void {
    this.time += seconds;
    this.used += seconds;
  }

  async sleep(seconds: number): Promise<void> {
    this.time += Math.max(seconds, 1e-6) + this.late();
  }
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

/** Reads items of these sizes. Returns when each was read, and how long all took. */
async function readAll(bounds: Bounds, clock: FakeClock, sizes: readonly number[], cpu = 0) {
  const start = clock.now();
  const times: number[] = [];
  for await (const _ of new Pace(bounds, clock).hold(each(sizes), (size) => size)) {
    times.push(clock.now() - start);
    clock.work(cpu);
  }
  return { times, seconds: clock.now() - start };
}

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

describe('a pace', () => {
  it('passes everything without bounds, and does not read the clock', async () => {
    const clock = new FakeClock(() => expect.fail('no wait'));
    expect(await readAll({}, clock, Array(1000).fill(MIB))).toMatchObject({ seconds: 0 });
  });

  it('reads no more bytes a second than the rate, and hardly fewer, however late timers are', async () => {
    const late = fc.double({ min: 0, max: 0.02, noNaN: true });
    const sizes = fc.array(fc.integer({ min: 1, max: 4 * MIB }), { minLength: 50, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: MIB, max: 2000 * MIB }),
        sizes,
        late,
        async (maxRate, sizes, late) => {
          const { times } = await readAll({ maxRate }, new FakeClock(() => late), sizes);
          const before = sum(sizes.slice(0, -1)) / maxRate;
          expect(times.at(-1)!).toBeGreaterThanOrEqual(before - 0.05 - 1e-6);
          expect(times.at(-1)!).toBeLessThanOrEqual(before + late + 1e-3);
        },
      ),
    );
  });

  it('does not make up for a long pause by a burst', async () => {
    const clock = new FakeClock();
    const read = new Pace({ maxRate: 10 * MIB }, clock).hold(
      each(Array<number>(100).fill(MIB)),
      (size) => size,
    );
    await read.next();
    await clock.sleep(60);
    const start = clock.now();
    for (let i = 0; i < 11; i++) await read.next();
    expect(clock.now() - start).toBeGreaterThan(0.9);
  });

  it('takes no more CPU time than its share', async () => {
    for (const maxCpu of [0.01, 0.5, 1, 3]) {
      const clock = new FakeClock();
      const { seconds } = await readAll({ maxCpu }, clock, Array(200).fill(MIB), 0.01);
      expect(seconds).toBeGreaterThanOrEqual(Math.max(1.99, (199 * 0.01) / maxCpu - 0.1));
      expect(seconds).toBeLessThanOrEqual(Math.max(2.1, 2 / maxCpu + 0.1));
    }
  });

  it('has fewer jobs in flight where the bounds leave less to do', () => {
    expect(new Pace({ maxRate: 500 * MIB }).jobs).toBe(2);
    expect(new Pace({ maxCpu: 0.5 }).jobs).toBe(2);
    expect(new Pace({}).jobs).toBeGreaterThanOrEqual(2);
  });

  it.each([
    { maxRate: 0 },
    { maxRate: NaN },
    { maxRate: MIB - 1 },
    { maxCpu: 0 },
    { maxCpu: -1 },
    { maxCpu: Infinity },
  ])('cannot be %j', (bounds) => {
    expect(() => new Pace(bounds)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});

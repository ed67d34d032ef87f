import { describe, expect, it } from 'vitest';

import { inOrder } from '../../src/scan/in-order.ts';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield i;
}

/** Jobs that end on command. */
function controlledJobs(): {
  start: (item: number) => Promise<number>;
  finish: (item: number) => void;
  running: Set<number>;
} {
  const ends = new Map<number, () => void>();
  const running = new Set<number>();
  const start = (item: number): Promise<number> => {
    running.add(item);
    return new Promise((resolve) => ends.set(item, () => (running.delete(item), resolve(item * 10))));
  };
  return { start, finish: (item) => ends.get(item)!(), running };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('jobs in order', () => {
  it('yield the results in the order of the items, whichever ends first', async () => {
    const { start, finish } = controlledJobs();
    const results = inOrder(numbers(3), start, 3);
    const first = results.next();
    await turn();
    finish(2);
    finish(1);
    finish(0);
    expect([await first, await results.next(), await results.next(), await results.next()]).toEqual([
      { done: false, value: 0 },
      { done: false, value: 10 },
      { done: false, value: 20 },
      { done: true, value: undefined },
    ]);
  });

  it('never exceed the concurrency, and none begins while the consumer is busy', async () => {
    const { start, finish, running } = controlledJobs();
    const results = inOrder(numbers(100), start, 2);
    const first = results.next();
    await turn();
    expect([...running]).toEqual([0, 1]);
    finish(0);
    await first;
    await turn();
    expect([...running]).toEqual([1]);
  });

  it('are waited for when one fails', async () => {
    const { start, finish, running } = controlledJobs();
    const results = inOrder(
      numbers(9),
      (item) => (item === 0 ? Promise.reject(new Error('no')) : start(item)),
      3,
    );
    const failed = results.next();
    await turn();
    expect([...running]).toEqual([1, 2]);
    finish(1);
    finish(2);
    await expect(failed).rejects.toThrow('no');
    expect(running.size).toBe(0);
  });

  it('give the event loop a turn after each result, though all are ready', async () => {
    let turns = 0;
    const count = (): void => void (turns++, (timer = setImmediate(count)));
    let timer = setImmediate(count);
    const seen: number[] = [];
    for await (const _ of inOrder(numbers(5), (item) => Promise.resolve(item), 2)) seen.push(turns);
    clearImmediate(timer);
    expect(seen.map((at, i) => at > (seen[i - 1] ?? -1))).toEqual(seen.map(() => true));
  });
});

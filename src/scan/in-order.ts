import { setImmediate } from 'node:timers/promises';

/**
 * Runs `start` on every item, at most `concurrency` at a time, and yields the results in the order of the items.
 * Starts nothing while the consumer is busy: that is the back-pressure. After each result the event loop gets a turn;
 * otherwise results that are ready early would starve timers and the code that frees their buffers.
 * If `items` throws, the results of earlier items are yielded first. If the consumer stops early or a job fails, calls
 * `onStop` and waits for the jobs in flight.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  start: (item: Item) => Promise<Result>,
  concurrency: number,
  onStop: () => void = () => {},
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  let failure: { readonly error: unknown } | undefined;
  try {
    const iterator = items[Symbol.asyncIterator]();
    const next = (): Promise<IteratorResult<Item>> =>
      iterator.next().catch((error: unknown) => {
        failure = { error };
        return { done: true, value: undefined };
      });
    for (let item = await next(); !item.done; item = await next()) {
      const job = start(item.value);
      job.catch(() => {}); // rethrown when it is awaited in order
      underWay.push(job);
      if (underWay.length < concurrency) continue;
      yield await underWay.shift()!;
      await setImmediate();
    }
    while (underWay.length > 0) {
      yield await underWay.shift()!;
      await setImmediate();
    }
  } finally {
    onStop();
    await Promise.allSettled(underWay);
  }
  if (failure) throw failure.error;
}

import { setImmediate } from 'node:timers/promises';

/**
 * Runs `start` on every item, at most `concurrency` at a time, and yields the results in the items' order. Nothing more
 * is started while the reader of the results is busy: that is the back-pressure. The event loop has a turn after each:
 * where results are ready before they are read, timers would not run, nor would what frees their buffers. Should the items fail, the results of
 * those before are yielded first. When the reader stops early or a job fails, `onStop` is called, and the jobs under way
 * are waited for.
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
      job.catch(() => {}); // thrown when its turn has come
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

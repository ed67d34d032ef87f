/**
 * Runs `start` on every item, at most `concurrency` at a time, and yields the results in the items' order. Nothing more
 * is started while the reader of the results is busy: that is the back-pressure. When the reader stops early or a job
 * fails, the jobs under way are waited for.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  start: (item: Item) => Promise<Result>,
  concurrency: number,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      underWay.push(start(item));
      if (underWay.length === concurrency) yield await underWay.shift()!;
    }
    while (underWay.length > 0) yield await underWay.shift()!;
  } finally {
    await Promise.allSettled(underWay);
  }
}

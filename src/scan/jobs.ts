import type { ChunkResult } from '../native.ts';
import type { Chunk } from './chunks.ts';
import { inOrder } from './in-order.ts';

/** Chunks a job is given at most: so many that its thread seldom waits for JavaScript. */
const MOST_CHUNKS = 16;

/** Bytes a job is meant to bring, at most: a fraction of what ends it. */
const OUTPUT_AIM = 2 * (1 << 20);

/** A job that was run: what it brought of its chunks, and those it left. */
interface Done {
  readonly results: readonly ChunkResult[];
  readonly rest: readonly Chunk[];
}

/**
 * Runs jobs on the chunks, at most `concurrency` at a time, and yields their results in the chunks' order. `run` may
 * bring the results of the first chunks alone, one at least, when they hold much: what is left is run when its turn to
 * be read has come. The more jobs bring, the smaller are those after them; so that is rare, and memory is bounded
 * however much is found. See inOrder() for the rest.
 */
export async function* runJobs(
  chunks: AsyncIterable<Chunk>,
  run: (chunks: readonly Chunk[]) => Promise<readonly ChunkResult[]>,
  concurrency: number,
  onStop: () => void,
): AsyncGenerator<readonly ChunkResult[]> {
  let size = MOST_CHUNKS;
  const start = async (group: readonly Chunk[]): Promise<Done> => {
    const results = await run(group);
    const rest = wasCut(results) ? [] : group.slice(results.length);
    size = sizeAfter(results);
    return { results, rest };
  };
  const jobs = groupsOf(chunks, () => size);
  for await (const first of inOrder(jobs, start, concurrency, onStop)) {
    yield first.results;
    for (let { rest } = first; rest.length > 0;) {
      const next = await start(rest);
      yield next.results;
      rest = next.rest;
    }
  }
}

function sizeAfter(results: readonly ChunkResult[]): number {
  const bytes = results.reduce(
    (sum, { lines, records, content }) => sum + (lines ?? records?.text ?? content ?? []).length,
    1,
  );
  return Math.max(1, Math.min(MOST_CHUNKS, Math.floor((results.length * OUTPUT_AIM) / bytes)));
}

// Where a chunk could not be read, or the scan was cancelled, nothing is left to do.
const wasCut = (results: readonly ChunkResult[]): boolean =>
  results.length === 0 || results.at(-1)!.status !== 'ok';

/** Groups of as many chunks as `size` says when each is begun; the last may be smaller. */
async function* groupsOf(chunks: AsyncIterable<Chunk>, size: () => number): AsyncGenerator<Chunk[]> {
  let group: Chunk[] = [];
  for await (const chunk of chunks) {
    group.push(chunk);
    if (group.length < size()) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

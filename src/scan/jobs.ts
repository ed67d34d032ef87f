import { sumOf } from '../memory/ranges.ts';
import type { ReadStatus } from '../native/source.ts';
import { type Chunk, chunkFrom } from './chunks.ts';
import { inOrder } from './in-order.ts';
import type { Pace } from './pace.ts';

/** Chunks a job is given at most: so many that its thread seldom waits for JavaScript. */
const MOST_CHUNKS = 16;

/** What jobs are held to. */
export interface JobOptions {
  /** At most so many at a time. */
  readonly concurrency: number;
  /** Chunks are read one by one within these bounds. */
  readonly pace?: Pace | undefined;
  /** Ends the wait for them. */
  readonly signal?: AbortSignal | undefined;
}

/** Bytes a job is meant to bring, at most: a fraction of what ends it. */
const OUTPUT_AIM = 2 * (1 << 20);

/** What a job brought of one chunk. */
export interface JobResult {
  readonly status: ReadStatus;
  readonly lines?: Buffer;
  readonly content?: { readonly length: number };
  /** Arrays and buffers. */
  readonly records?: object;
  /** From there on, the chunk was left. */
  readonly next?: bigint;
}

/** A job that was run: what it brought of its chunks, and those it left. */
interface Done<Result> {
  readonly results: readonly Result[];
  readonly rest: readonly Chunk[];
}

/**
 * Runs jobs on the chunks, and yields their results in the chunks' order. `run` may bring the results of the first chunks
 * alone, one at least, when they hold much, and of the last of these leave a part: what is left is run when its turn to be
 * read has come. The more jobs bring, the smaller are those after them; so that is rare, and memory is bounded
 * however much is found. See inOrder() for the rest.
 */
export async function* runJobs<Result extends JobResult>(
  chunks: AsyncIterable<Chunk>,
  run: (chunks: readonly Chunk[]) => Promise<readonly Result[]>,
  { concurrency, pace, signal }: JobOptions,
  onStop: () => void,
): AsyncGenerator<readonly Result[]> {
  const most = pace?.isBounded ? 1 : MOST_CHUNKS;
  let size = most;
  const start = async (group: readonly Chunk[]): Promise<Done<Result>> => {
    const results = await run(group);
    size = Math.min(most, sizeAfter(results));
    return { results, rest: restOf(group, results) };
  };
  const groups = groupsOf(chunks, () => size);
  const jobs = pace ? pace.hold(groups, bytesOf, signal) : groups;
  for await (const first of inOrder(jobs, start, concurrency, onStop)) {
    yield first.results;
    for (let { rest } = first; rest.length > 0;) {
      const next = await start(rest);
      yield next.results;
      rest = next.rest;
    }
  }
}

const bytesOf = (group: readonly Chunk[]): number =>
  group.reduce((sum, { ranges }) => sum + sumOf(ranges), 0);

function sizeAfter(results: readonly JobResult[]): number {
  const bytes = results.reduce((sum, result) => sum + bytesIn(result), 1);
  return Math.max(1, Math.min(MOST_CHUNKS, Math.floor((results.length * OUTPUT_AIM) / bytes)));
}

const bytesIn = ({ lines, content, records = {} }: JobResult): number =>
  (lines ?? content ?? []).length +
  Object.values(records as Record<string, ArrayBufferView>).reduce((sum, list) => sum + list.byteLength, 0);

// Where a chunk could not be read, or the scan was cancelled, nothing is left to do.
function restOf(group: readonly Chunk[], results: readonly JobResult[]): readonly Chunk[] {
  const last = results.at(-1);
  if (last?.status !== 'ok') return [];
  const left = group.slice(results.length);
  return last.next === undefined ? left : [chunkFrom(group[results.length - 1]!, last.next), ...left];
}

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

import { sumOf } from '../memory/ranges.ts';
import type { ReadStatus } from '../native/source.ts';
import { type Chunk, chunkFrom } from './chunks.ts';
import { inOrder } from './in-order.ts';
import type { Pace } from './pace.ts';

/** Maximum number of chunks in a job: enough that its thread seldom waits for JavaScript. */
const MOST_CHUNKS = 16;

/** Limits of the jobs. */
export interface JobOptions {
  /** Maximum number of jobs in flight. */
  readonly concurrency: number;
  /** With bounds, chunks are read one at a time, within these bounds. */
  readonly pace?: Pace | undefined;
  /** Aborting ends the wait for the pace. */
  readonly signal?: AbortSignal | undefined;
}

/** Output that a job should bring at most, in bytes: a fraction of the limit that ends a job early. */
const OUTPUT_AIM = 2 * (1 << 20);

/** What a job brought of one chunk. */
export interface JobResult {
  readonly status: ReadStatus;
  readonly lines?: Buffer;
  readonly content?: { readonly length: number };
  /** An object of typed arrays and buffers. */
  readonly records?: object;
  /** Address from which on the chunk remains to be read. */
  readonly next?: bigint;
}

/** A finished job: its results, and the chunks it left. */
interface Done<Result> {
  readonly results: readonly Result[];
  readonly rest: readonly Chunk[];
}

/**
 * Runs jobs on the chunks, and yields their results in the order of the chunks.
 * If chunks hold much, `run` may return the results of only the first ones (at least one), and the last of these may be
 * incomplete: see `next`. The remainder runs when its turn to be read comes. The more output jobs bring, the fewer
 * chunks later jobs get, so this is rare and memory stays bounded however much is found. For order and errors see
 * inOrder().
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

// After a failed read or a cancelled scan nothing remains to be done.
function restOf(group: readonly Chunk[], results: readonly JobResult[]): readonly Chunk[] {
  const last = results.at(-1);
  if (last?.status !== 'ok') return [];
  const left = group.slice(results.length);
  return last.next === undefined ? left : [chunkFrom(group[results.length - 1]!, last.next), ...left];
}

/** Groups of chunks. `size` is asked when each group begins; the last group may be smaller. */
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

import { describe, expect, it } from 'vitest';

import type { ChunkResult } from '../../src/native/strings.ts';
import type { Chunk } from '../../src/scan/chunks.ts';
import { runJobs } from '../../src/scan/jobs.ts';

const MOST_CHUNKS = 16;
const MUCH = 4 << 20; // what ends a job

/** Chunk number `i` starts at `i`. */
async function* numbered(count: number): AsyncGenerator<Chunk> {
  for (let i = 0; i < count; i++) {
    yield { ranges: [{ start: BigInt(i), end: BigInt(i + 1) }], before: 0, after: 0 };
  }
}

const numberOf = (chunk: Chunk): number => Number(chunk.ranges[0]!.start);

function resultOf(chunk: Chunk, bytes: number, status: ChunkResult['status'] = 'ok'): ChunkResult {
  const lines = Buffer.alloc(bytes);
  return {
    status,
    error: 0,
    bytesRead: numberOf(chunk),
    bytesUnreadable: 0,
    strings: 0,
    lines,
    whole: false,
  };
}

/** Runs all jobs. Returns the size of each, and the numbers of the chunks whose results arrived. */
async function runAll(count: number, run: (chunks: readonly Chunk[]) => readonly ChunkResult[]) {
  const sizes: number[] = [];
  const numbers: number[] = [];
  const record = (chunks: readonly Chunk[]): Promise<readonly ChunkResult[]> => {
    sizes.push(chunks.length);
    return Promise.resolve(run(chunks));
  };
  for await (const results of runJobs(numbered(count), record, { concurrency: 2 }, () => {})) {
    numbers.push(...results.map(({ bytesRead }) => bytesRead));
  }
  return { sizes, numbers };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Like the addon: a job ends once it has found much. */
function untilMuch(chunks: readonly Chunk[], bytesOf: (chunk: Chunk) => number): ChunkResult[] {
  const results: ChunkResult[] = [];
  let found = 0;
  for (const chunk of chunks) {
    if (found >= MUCH) break;
    results.push(resultOf(chunk, bytesOf(chunk)));
    found += bytesOf(chunk);
  }
  return results;
}

describe('jobs', () => {
  it('are large where little is found', async () => {
    const { sizes, numbers } = await runAll(40, (chunks) => untilMuch(chunks, () => 100));
    expect(sizes).toEqual([MOST_CHUNKS, MOST_CHUNKS, 8]);
    expect(numbers).toEqual(upTo(40));
  });

  it('become small where much is found, and large again; no chunk is lost or taken twice', async () => {
    const dense = (chunk: Chunk): number => (numberOf(chunk) < 50 ? 1 << 20 : 0);
    const { sizes, numbers } = await runAll(100, (chunks) => untilMuch(chunks, dense));
    expect(sizes).toContain(1);
    expect(sizes.at(-2)).toBe(MOST_CHUNKS);
    expect(numbers).toEqual(upTo(100));
  });

  it('leave nothing behind them when a chunk cannot be read', async () => {
    const { numbers } = await runAll(10, (chunks) => [
      resultOf(chunks[0]!, 0),
      resultOf(chunks[1]!, 0, 'ended'),
    ]);
    expect(numbers).toEqual([0, 1]);
  });
});

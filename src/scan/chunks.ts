import type { Range } from '../target/target.ts';

/** What is read at a time. */
export interface Chunk {
  /** In order, apart from each other. */
  readonly ranges: readonly Range[];
  /** The chunk before ends where this one starts: a string may lie across. */
  readonly joinsPrevious: boolean;
  readonly joinsNext: boolean;
}

/** What a process_vm_readv call takes at most is 1024. */
const MOST_RANGES = 256;

/** Cuts spans (in order; neighbours may touch) into chunks of `size` bytes, the last one smaller. */
export async function* chunksOf(spans: AsyncIterable<Range>, size: number): AsyncGenerator<Chunk> {
  let chunk = new ChunkBuilder(false);
  let end: bigint | undefined;
  for await (const span of spans) {
    for (let start = span.start; start < span.end; start = end) {
      const touches = start === end;
      if (chunk.bytes === size || (chunk.ranges.length === MOST_RANGES && !touches)) {
        yield chunk.finish(touches);
        chunk = new ChunkBuilder(touches);
      }
      const room = start + BigInt(size - chunk.bytes);
      end = room < span.end ? room : span.end;
      chunk.add(start, end);
    }
  }
  if (chunk.bytes > 0) yield chunk.finish(false);
}

class ChunkBuilder {
  readonly ranges: Range[] = [];
  bytes = 0;

  constructor(private readonly joinsPrevious: boolean) {}

  add(start: bigint, end: bigint): void {
    const last = this.ranges.at(-1);
    if (last?.end === start) this.ranges[this.ranges.length - 1] = { start: last.start, end };
    else this.ranges.push({ start, end });
    this.bytes += Number(end - start);
  }

  finish(joinsNext: boolean): Chunk {
    return { ranges: this.ranges, joinsPrevious: this.joinsPrevious, joinsNext };
  }
}

/** Groups of `size` chunks, the last one smaller. */
export async function* groupsOf(chunks: AsyncIterable<Chunk>, size: number): AsyncGenerator<Chunk[]> {
  let group: Chunk[] = [];
  for await (const chunk of chunks) {
    group.push(chunk);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

import type { Range } from '../target/target.ts';

/** What is read at a time. */
export interface Chunk {
  /** In order, apart from each other. */
  readonly ranges: readonly Range[];
  /**
   * Bytes that stand right before the first range in the chunk before: 0 where there are none, else 1 to MARGIN. They are
   * read too, and tell what a character across the edge is.
   */
  readonly before: number;
  /** Likewise behind the last range. */
  readonly after: number;
}

/** The most a character reaches over an edge, in bytes. */
const MARGIN = 3;

/** A process_vm_readv call takes 1024. */
const MOST_RANGES = 256;

/** Cuts spans (in order; neighbours may touch) into chunks of at most `size` bytes. */
export async function* chunksOf(spans: AsyncIterable<Range>, size: number): AsyncGenerator<Chunk> {
  let ranges: Range[] = [];
  let bytes = 0;
  let before = 0;
  for await (const piece of piecesOf(spans, size)) {
    const length = Number(piece.end - piece.start);
    const fits = piece.before === 0 && bytes + length <= size && ranges.length < MOST_RANGES;
    if (ranges.length > 0 && !fits) {
      yield { ranges, before, after: 0 };
      ranges = [];
      bytes = 0;
    }
    if (ranges.length === 0) before = piece.before;
    ranges.push({ start: piece.start, end: piece.end });
    bytes += length;
    if (piece.after > 0) {
      yield { ranges, before, after: piece.after };
      ranges = [];
      bytes = 0;
    }
  }
  if (ranges.length > 0) yield { ranges, before, after: 0 };
}

interface Piece extends Range {
  readonly before: number;
  readonly after: number;
}

/** Joins spans that touch, and cuts what is longer than `size`. */
async function* piecesOf(spans: AsyncIterable<Range>, size: number): AsyncGenerator<Piece> {
  let open: Range = { start: 0n, end: 0n };
  let before = 0;
  // Cuts pieces off until no more than `left` bytes are left.
  function* cut(left: number): Generator<Piece> {
    while (open.end - open.start > left) {
      const end = min(open.start + BigInt(size), open.end);
      const after = Number(min(open.end - end, BigInt(MARGIN)));
      yield { start: open.start, end, before, after };
      before = after === 0 ? 0 : Math.min(MARGIN, before + Number(end - open.start));
      open = { start: end, end: open.end };
    }
  }
  for await (const span of spans) {
    if (span.start === open.end) {
      open = { start: open.start, end: span.end };
    } else {
      yield* cut(0);
      open = span;
    }
    // What comes next may touch: the last piece waits for it.
    yield* cut(size + MARGIN);
  }
  yield* cut(0);
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

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

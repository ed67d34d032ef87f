import { lower, type Range } from '../memory/ranges.ts';
import { TEXT_MARGIN } from '../native/constants.ts';

/** What one read brings. */
export interface Chunk {
  /** In order of addresses, without overlap. */
  readonly ranges: readonly Range[];
  /**
   * Bytes directly before the first range that belong to earlier chunks, up to the margin; 0 if there are none. The
   * read includes them, to decide what lies across the edge.
   */
  readonly before: number;
  /** Bytes directly after the last range that belong to later chunks, up to the margin. The read includes them too. */
  readonly after: number;
}

/** Bytes read again before the rest of a chunk, at most: more than any context needs. */
const MOST_READ_AGAIN = 64;

/** One call of process_vm_readv takes up to 1024 ranges. */
const MOST_RANGES = 256;

/**
 * Cuts spans into chunks of at most `size` bytes, at multiples of `size`. Spans arrive in order of addresses and may
 * touch. `margin` is how many bytes beyond its edges a chunk must know.
 */
export async function* chunksOf(
  spans: AsyncIterable<readonly Range[]>,
  size: number,
  margin = TEXT_MARGIN,
): AsyncGenerator<Chunk> {
  const cutter = new PieceCutter(size, margin);
  const packer = new ChunkPacker(size);
  for await (const batch of spans) {
    for (const span of batch) {
      for (const piece of cutter.add(span)) yield* packer.add(piece);
    }
  }
  for (const piece of cutter.finish()) yield* packer.add(piece);
  yield* packer.finish();
}

/** Returns the part of a chunk from `address` on, which must lie in one of its ranges. */
export function chunkFrom({ ranges, before, after }: Chunk, address: bigint): Chunk {
  const rest = ranges.filter(({ end }) => end > address);
  const [{ start, end }, ...others] = rest as [Range, ...Range[]];
  const known = Number(address - start) + (start === ranges[0]!.start ? before : 0);
  return { ranges: [{ start: address, end }, ...others], before: Math.min(known, MOST_READ_AGAIN), after };
}

interface Piece extends Range {
  readonly before: number;
  readonly after: number;
}

/** Joins spans that touch, and cuts them at multiples of `size`. */
class PieceCutter {
  private open: Range = { start: 0n, end: 0n };
  private before = 0;

  constructor(
    private readonly size: number,
    private readonly margin: number,
  ) {}

  *add(span: Range): Generator<Piece> {
    if (span.start === this.open.end) {
      this.open = { start: this.open.start, end: span.end };
    } else {
      yield* this.finish();
      this.open = span;
    }
    // The next span may touch this one, so the last piece waits for it.
    yield* this.cut(this.size + this.margin);
  }

  *finish(): Generator<Piece> {
    yield* this.cut(0);
  }

  // Cuts off pieces until at most `left` bytes remain.
  private *cut(left: number): Generator<Piece> {
    while (this.open.end - this.open.start > left) {
      const { start, end: openEnd } = this.open;
      const size = BigInt(this.size);
      const end = lower(start - (start % size) + size, openEnd);
      const after = Number(lower(openEnd - end, BigInt(this.margin)));
      yield { start, end, before: this.before, after };
      this.before = after === 0 ? 0 : Math.min(this.margin, this.before + Number(end - start));
      this.open = { start: end, end: openEnd };
    }
  }
}

/** Packs pieces into chunks, as many as fit. A chunk ends where one piece touches the next. */
class ChunkPacker {
  private ranges: Range[] = [];
  private bytes = 0;
  private before = 0;

  constructor(private readonly size: number) {}

  *add({ start, end, before, after }: Piece): Generator<Chunk> {
    const length = Number(end - start);
    const fits = before === 0 && this.bytes + length <= this.size && this.ranges.length < MOST_RANGES;
    if (!fits) yield* this.finish();
    if (this.ranges.length === 0) this.before = before;
    this.ranges.push({ start, end });
    this.bytes += length;
    if (after > 0) yield* this.finish(after);
  }

  *finish(after = 0): Generator<Chunk> {
    if (this.ranges.length > 0) yield { ranges: this.ranges, before: this.before, after };
    this.ranges = [];
    this.bytes = 0;
  }
}

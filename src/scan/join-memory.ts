import { TAIL_CONTEXT } from '../native/constants.ts';
import type { ChunkResult, Partial } from '../native/strings.ts';
import type { ChunkEnds } from './join-texts.ts';

/** The strings found in memory from several chunks. */
export type Joined = Pick<ChunkResult, 'strings' | 'lines' | 'records' | 'content' | 'tail'>;

/**
 * Joins what chunks leave at their edges when a scan has several encodings: the memory from the last point of one chunk
 * where no string continues to the first such point of a later chunk. The strings in it are found in one call, as if
 * one read had brought it.
 */
export class Joiner {
  private pieces: Buffer[] = [];
  private address = 0n;
  private bytes = 0;

  /**
   * `run` finds the strings in memory. With `goesOn` it returns those before the last point where memory can be cut;
   * such a point always exists.
   */
  constructor(
    private readonly longest: number,
    private readonly run: (bytes: Buffer, address: bigint, goesOn: boolean) => Joined,
  ) {}

  /** Takes chunks in order of addresses. Returns the strings that end in this chunk. */
  push(chunk: ChunkEnds): Joined[] {
    if (chunk.head) this.add(chunk.head);
    if (chunk.whole) return this.shorten();
    const done = this.finish();
    if (chunk.tail) this.begin(chunk.tail);
    return done;
  }

  /** Returns the strings in the memory that is still open. */
  finish(): Joined[] {
    const { pieces, address, bytes } = this;
    this.pieces = [];
    return bytes > 0 && pieces.length > 0 ? [this.run(Buffer.concat(pieces), address, false)] : [];
  }

  private begin({ address, length, text }: Partial): void {
    this.pieces = [text];
    this.address = address;
    this.bytes = length;
  }

  private add({ address, length, text }: Partial): void {
    // The memory before this was unreadable.
    if (this.pieces.length === 0)
      this.begin({ address, length: 0, characters: 0, text: Buffer.alloc(TAIL_CONTEXT) });
    this.pieces.push(text);
    this.bytes += length;
  }

  private shorten(): Joined[] {
    const done: Joined[] = [];
    while (this.bytes > this.longest) {
      const joined = this.run(Buffer.concat(this.pieces), this.address, true);
      this.begin(joined.tail!);
      done.push(joined);
    }
    return done;
  }
}

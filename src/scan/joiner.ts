import { TAIL_CONTEXT } from '../native/constants.ts';
import type { ChunkResult, Partial } from '../native/strings.ts';
import type { ChunkEnds } from './stitch.ts';

/** What the memory that was put together held. */
export type Joined = Pick<ChunkResult, 'strings' | 'lines' | 'records' | 'content' | 'tail'>;

/**
 * Puts together what chunks leave at their edges where several encodings are looked for: memory from the last place of
 * one chunk where no string goes on to the first one of another. Strings in it are found in one call, as if it had been
 * read at once.
 */
export class Joiner {
  private pieces: Buffer[] = [];
  private address = 0n;
  private bytes = 0;

  /** `run` finds the strings; with `goesOn`, those up to the last place where it may be cut, which there always is. */
  constructor(
    private readonly longest: number,
    private readonly run: (bytes: Buffer, address: bigint, goesOn: boolean) => Joined,
  ) {}

  /** Takes chunks in order of their addresses; returns what ends in this one. */
  push(chunk: ChunkEnds): Joined[] {
    if (chunk.head) this.add(chunk.head);
    if (chunk.whole) return this.shorten();
    const done = this.finish();
    if (chunk.tail) this.begin(chunk.tail);
    return done;
  }

  /** What is still open. */
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
    // What stands before could not be read.
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

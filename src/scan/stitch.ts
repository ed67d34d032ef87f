import type { Partial } from '../native/strings.ts';

/** A string that was put together from several chunks. */
export interface StitchedString {
  readonly address: bigint;
  /** Of all of it, in bytes. */
  readonly length: number;
  /** What was kept of it: all, but for the longest. */
  readonly text: Buffer;
  /** Bytes of it before `text`. */
  readonly skipped: number;
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

export interface StitchOptions {
  /** Characters of the shortest string wanted. */
  readonly minLength: number;
  /** Bytes kept of one string. A longer one is searched in windows of this size. */
  readonly keep: number;
  /**
   * Whether a text is wanted; also asked of windows of a long one, as long as it is not. `address` is its string's,
   * `isLast` says that nothing comes after it.
   */
  readonly wants: (text: Buffer, address: bigint, isLast: boolean) => boolean;
  /** Bytes that one window shares with the next: no match longer than this is lost between them. */
  readonly overlap: number;
}

/** The ends of one chunk, as its job tells them. */
export interface ChunkEnds {
  readonly head?: Partial;
  readonly tail?: Partial;
  /** All of the chunk is one piece, told by `head`. */
  readonly whole: boolean;
}

/**
 * Joins what chunks hold of strings that lie across their edges. Pieces are joined byte by byte: a job looks over its
 * edges far enough to know for every byte of its own whether it is text. (Should memory change between two jobs, a
 * character may be torn: the text then holds bytes that are none.)
 */
export class Stitcher {
  private pending: PendingString | undefined;

  constructor(private readonly options: StitchOptions) {}

  /** Takes chunks in order of their addresses; returns the string that ends in this one, if it is wanted. */
  push(chunk: ChunkEnds): StitchedString | undefined {
    if (chunk.head) this.join(chunk.head);
    if (chunk.whole) return undefined;
    const done = this.finish();
    if (chunk.tail) this.join(chunk.tail);
    return done;
  }

  /** The string that is still open. */
  finish(): StitchedString | undefined {
    const done = this.pending?.finish();
    this.pending = undefined;
    return done;
  }

  private join(piece: Partial): void {
    this.pending ??= new PendingString(piece.address, this.options);
    this.pending.add(piece);
  }
}

class PendingString {
  private length = 0;
  private characters = 0;
  private pieces: Buffer[] = [];
  private kept = 0;
  private skipped = 0;
  // Known before its end: what comes after is not kept.
  private wanted = false;

  constructor(
    private readonly address: bigint,
    private readonly options: StitchOptions,
  ) {}

  add(piece: Partial): void {
    this.length += piece.length;
    this.characters += piece.characters;
    if (this.wanted) return;
    let text = piece.text;
    while (!this.wanted && this.kept + text.length > this.options.keep) {
      text = this.settle(Buffer.concat([...this.pieces, text]));
    }
    this.pieces.push(text);
    this.kept += text.length;
  }

  finish(): StitchedString | undefined {
    if (this.characters < this.options.minLength) return undefined;
    const text = Buffer.concat(this.pieces);
    if (!this.wanted && !this.options.wants(text, this.address, true)) return undefined;
    const { address, length, skipped, wanted } = this;
    return { address, length, text, skipped, cutBefore: skipped > 0, cutAfter: wanted };
  }

  // More is there than may be kept. Looks at a window of it, and returns what is still of use: the window, if that is
  // wanted, or the text from its end on. Windows lie the same wherever the pieces were cut.
  private settle(text: Buffer): Buffer {
    this.pieces = [];
    this.kept = 0;
    const end = characterStart(text, this.options.keep);
    const window = text.subarray(0, end);
    this.wanted = this.options.wants(window, this.address, false);
    if (this.wanted) return window;
    const next = characterStart(text, end - this.options.overlap);
    this.skipped += next;
    return text.subarray(next);
  }
}

/** The start of the character that `at` lies in. */
function characterStart(text: Buffer, at: number): number {
  let start = at;
  while (start > 0 && (text[start]! & 0xc0) === 0x80) start--;
  return start;
}

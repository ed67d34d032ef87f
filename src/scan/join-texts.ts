import type { Partial } from '../native/strings.ts';

/** A string joined from several chunks. */
export interface StitchedString {
  readonly address: bigint;
  /** Length of the whole string, in bytes. */
  readonly length: number;
  /** The kept text: all of it, unless the string is longer than what is kept. */
  readonly text: Buffer;
  /** Bytes of the string before `text`. */
  readonly skipped: number;
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

export interface StitchOptions {
  /** Shortest string, in characters. */
  readonly minLength: number;
  /** Bytes kept of one string. A longer string is searched in windows of this size. */
  readonly keep: number;
  /**
   * Whether a text is wanted. Asked for a whole string, or for each window of a long one until one is wanted. `address`
   * is where the string begins; `isLast` means that nothing follows.
   */
  readonly wants: (text: Buffer, address: bigint, isLast: boolean) => boolean;
  /** Bytes that adjacent windows share: no match up to this length is lost between them. */
  readonly overlap: number;
}

/** What a job returns of the edges of one chunk. */
export interface ChunkEnds {
  readonly head?: Partial;
  readonly tail?: Partial;
  /** The whole chunk is one piece of text, in `head`. */
  readonly whole: boolean;
}

/**
 * Joins strings that span chunks, in scans for ASCII or UTF-8; see join-memory.ts for several encodings. Pieces are joined byte by byte: a job reads far enough beyond its edges to decide for
 * each of its own bytes whether it is text. If memory changes between two jobs, a character may tear; the text then
 * holds invalid bytes.
 */
export class Stitcher {
  private pending: PendingString | undefined;

  constructor(private readonly options: StitchOptions) {}

  /** Takes chunks in order of addresses. Returns the string that ends in this chunk, if it is wanted. */
  push(chunk: ChunkEnds): StitchedString | undefined {
    if (chunk.head) this.join(chunk.head);
    if (chunk.whole) return undefined;
    const done = this.finish();
    if (chunk.tail) this.join(chunk.tail);
    return done;
  }

  /** Returns the string that is still open, if it is wanted. */
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
  // Set when a window before the end is wanted; later text is not kept.
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

  // There is more text than may be kept: tests one window of it. Returns the window if it is wanted, else the text to
  // continue with. Windows do not depend on where chunks were cut.
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

/** The start of the character that holds the byte `at`. */
function characterStart(text: Buffer, at: number): number {
  let start = at;
  while (start > 0 && (text[start]! & 0xc0) === 0x80) start--;
  return start;
}

import type { LineWriter, RegionLabels, RegionLocations } from './lines.ts';
import type { Records } from './records.ts';
import type { ReadStatus, Source } from './source.ts';

export interface ScanOptions {
  readonly kernel: string;
  /** Indexes in ENCODINGS (encodings.ts), one or more in order. */
  readonly encodings: readonly number[];
  /** In characters, at least 1. */
  readonly minLength: number;
  /** Only strings that meet one of them; without any, all. */
  readonly conditions: readonly Condition[];
  /** Only strings that meet none of them, in place of that. */
  readonly unmet: boolean;
  readonly output: 'count' | 'records' | 'lines' | 'content';
  readonly lines?: LineWriter | undefined;
  /** For `content`: [start, end) pairs of what pointers may point to, in order and apart. */
  readonly pointers?: BigUint64Array<ArrayBuffer> | undefined;
}

/** Bytes to look for, one or more. */
export interface Needle {
  readonly bytes: Uint8Array;
  /** ASCII letters stand for both cases; all other bytes for themselves. */
  readonly ignoreCase: boolean;
}

/** So many bytes in a row, at least one, of a class. */
export interface ClassRun {
  /** The bytes of the class, all of them ASCII text: TAB or 0x20 to 0x7e. */
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** What a string must hold: one of the needles (one or more), or the run. */
export type Condition = { readonly needles: readonly Needle[] } | { readonly run: ClassRun };

export interface NativeScan {
  /**
   * Reads chunks on a thread of its own, one after the other, until one cannot be read or 4 MiB have been found;
   * takes at most `limit` whole strings of each. `ranges` holds the [start, end) pairs of all of them; `layout` three numbers for each: how many of
   * the ranges it has, and how many bytes before the first and after the last of them belong to its neighbours.
   */
  run(
    source: Source,
    ranges: BigUint64Array<ArrayBuffer>,
    layout: Uint32Array<ArrayBuffer>,
    limit: number,
    labels?: RegionLabels | RegionLocations,
  ): Promise<ChunkResult[]>;
  /** Whether a text meets one of the conditions. */
  meets(text: Uint8Array): boolean;
  /**
   * The strings of memory that was put together from several chunks, of several encodings: a tail's text and what follows
   * it. `address` is the tail's. With `goesOn`, those up to the last place where no string goes on, or if there is none, up
   * to 32 MiB; the result's tail tells the rest.
   */
  runJoined(
    bytes: Uint8Array,
    address: bigint,
    goesOn: boolean,
    limit: number,
    labels?: RegionLabels | RegionLocations,
  ): Pick<ChunkResult, 'strings' | 'lines' | 'records' | 'content' | 'tail'>;
  /** Jobs under way end after the chunk they are at. */
  cancel(): void;
}

/** What one chunk held. */
export interface ChunkResult {
  readonly status: ReadStatus;
  /** errno, where the status is `failed`. */
  readonly error: number;
  readonly bytesRead: number;
  readonly bytesUnreadable: number;
  /** Wanted strings that lie whole inside the chunk. */
  readonly strings: number;
  readonly lines?: Buffer;
  readonly records?: Records;
  readonly content?: ChunkContent;
  readonly head?: Partial;
  readonly tail?: Partial;
  /** The whole chunk is one piece of text, told by `head`. */
  readonly whole: boolean;
}

/**
 * What a chunk holds of a string that goes on in another chunk. Lengths in bytes; `text` is empty in a mere count. Of
 * several encodings: memory up to the first place where no string goes on (a head), or from the last one on (a tail), the
 * `text` of a tail with four bytes before it.
 */
export interface Partial {
  readonly address: bigint;
  readonly length: number;
  readonly characters: number;
  readonly text: Buffer;
}

/** What a chunk holds, by content, for a {@link FamilyTable} to take, once. */
export interface ChunkContent {
  /** Bytes of memory it takes, about. */
  readonly length: number;
}

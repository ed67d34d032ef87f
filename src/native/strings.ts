import type { LineWriter, RegionLabels, RegionLocations } from './lines.ts';
import type { Records } from './records.ts';
import type { ReadStatus, Source } from './source.ts';

export interface ScanOptions {
  readonly kernel: string;
  /** Indexes in ENCODINGS (encodings.ts), one or more in order. */
  readonly encodings: readonly number[];
  /** Minimum length of a string in characters, at least 1. */
  readonly minLength: number;
  /** Report only strings that meet one of these; all strings if there are none. */
  readonly conditions: readonly Condition[];
  /** Report only strings that meet none of the conditions instead. */
  readonly unmet: boolean;
  readonly output: 'count' | 'records' | 'lines' | 'content';
  readonly lines?: LineWriter | undefined;
  /** For `content`: valid targets of pointers, as [start, end) pairs in order, without overlap. */
  readonly pointers?: BigUint64Array<ArrayBuffer> | undefined;
}

/** Bytes to search for, at least one. */
export interface Needle {
  readonly bytes: Uint8Array;
  /** ASCII letters match both cases; all other bytes match only themselves. */
  readonly ignoreCase: boolean;
}

/** A sequence of `length` bytes, at least one, of a class. */
export interface ClassRun {
  /** The bytes of the class, each TAB or 0x20 to 0x7e. */
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** A string meets a condition if it holds one of the needles (at least one), or the run. */
export type Condition = { readonly needles: readonly Needle[] } | { readonly run: ClassRun };

export interface NativeScan {
  /**
   * Reads chunks on a thread of its own, one after the other, until one cannot be read or the result has 4 MiB. Reports at most
   * `limit` whole strings per chunk. `ranges` holds the [start, end) pairs of all chunks. `layout` holds three numbers per chunk:
   * its number of ranges, and how many bytes before its first and after its last range belong to adjacent chunks.
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
   * Finds strings of several encodings in memory joined from several chunks: a tail's text and the bytes after it. `address` is
   * the tail's. With `goesOn`, reports strings up to the last offset that no string crosses, or up to 32 MiB if there is none;
   * the result's tail holds the rest.
   */
  runJoined(
    bytes: Uint8Array,
    address: bigint,
    goesOn: boolean,
    limit: number,
    labels?: RegionLabels | RegionLocations,
  ): Pick<ChunkResult, 'strings' | 'lines' | 'records' | 'content' | 'tail'>;
  /** Makes jobs in flight end after their current chunk. */
  cancel(): void;
}

/** The result of one chunk. */
export interface ChunkResult {
  readonly status: ReadStatus;
  /** errno if the status is `failed`. */
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
  /** Whether the whole chunk is part of one string; `head` then describes it. */
  readonly whole: boolean;
}

/**
 * A chunk's part of a string that continues in another chunk. Lengths are in bytes; `text` is empty if strings are only counted.
 * With several encodings: memory up to the first offset that no string crosses (a head), or from the last one on (a tail); a
 * tail's `text` has four bytes before it.
 */
export interface Partial {
  readonly address: bigint;
  readonly length: number;
  readonly characters: number;
  readonly text: Buffer;
}

/** A chunk's content by families and page classes. Pass it to {@link FamilyTable} once. */
export interface ChunkContent {
  /** Approximate memory that it takes, in bytes. */
  readonly length: number;
}

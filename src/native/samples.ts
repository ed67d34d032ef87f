import type { NativeFamily } from './content.ts';
import type { ReadStatus, Source } from './source.ts';

export interface SampleScanOptions {
  readonly kernel: string;
  /** An index in ENCODINGS (encodings.ts): ASCII or UTF-8. */
  readonly encoding: number;
  /** In characters, from 1 to 4,096. */
  readonly minLength: number;
  /** The memory to draw pages from: [start, end) pairs in order, without overlap. */
  readonly ranges: BigUint64Array<ArrayBuffer>;
  /** [start, end) pairs that a pointer may point into, in order, without overlap. */
  readonly pointers: BigUint64Array<ArrayBuffer>;
  /** Where locations begin, in order, and an index for each into the caller's list of locations. */
  readonly locationStarts: BigUint64Array<ArrayBuffer>;
  readonly locations: Uint32Array<ArrayBuffer>;
}

/** Memory in pages of 4 KiB, numbered in order of address. */
export interface NativeSampleScan {
  /** The number of pages. */
  readonly cells: number;
  /**
   * Reads pages by their numbers, in order, on a thread of its own. `first` is the index of the first one among all drawn
   * pages. With `hasPrevious`, `numbers` begins with one more: the last page of the previous job.
   */
  run(
    source: Source,
    numbers: Float64Array<ArrayBuffer>,
    first: number,
    hasPrevious: boolean,
  ): Promise<SampleResult>;
  /** Makes jobs in flight end after their current page. */
  cancel(): void;
}

/** The content of drawn pages; see native/jobs/sample_job.h. */
export interface SampleResult {
  readonly status: ReadStatus;
  /** errno, if the status is `failed`. */
  readonly error: number;
  /** Includes the memory around the pages that was read for context. */
  readonly bytesRead: number;
  /** Strings that begin in the pages. */
  readonly strings: number;
  /** The bytes of each page that could be read. */
  readonly bytes: Uint32Array;
  /** The bytes of each page that are in strings. */
  readonly text: Uint32Array;
  /** The class of each page: an index in `pageClasses`. */
  readonly classes: Uint8Array;
  /** How often each of `signatures` begins in the pages. */
  readonly signatures: Float64Array;
  /** Input for {@link SampleTable.add}, once. */
  readonly families: object;
}

/** Aggregates the results of a sample's jobs. Input must be in order of pages. */
export interface SampleTable {
  add(families: object): void;
  /** Returns the families of at least `least` bytes, largest first. The table accepts no more input. */
  finish(least: number): NativeSampledFamily[];
}

/** The part of a family that is in drawn pages; see native/content/sample_families.h. */
export interface NativeSampledFamily extends Pick<NativeFamily, 'encodings' | 'bytes' | 'error' | 'samples'> {
  /** Strings that begin in the pages. */
  readonly strings: number;
  /** Parts of strings in the pages. */
  readonly parts: number;
  /** Pairs: the index of a drawn page, and the family's bytes in it. */
  readonly cells: Uint32Array;
  /** Pairs: the index of a location, and the bytes of strings that begin there. */
  readonly locations: Float64Array;
}

import type { NativeFamily } from './content.ts';
import type { ReadStatus, Source } from './source.ts';

export interface SampleScanOptions {
  readonly kernel: string;
  /** An index in ENCODINGS (encodings.ts): ASCII or UTF-8. */
  readonly encoding: number;
  /** In characters, from 1 to 4,096. */
  readonly minLength: number;
  /** The memory that is drawn from: [start, end) pairs in order, apart. */
  readonly ranges: BigUint64Array<ArrayBuffer>;
  /** [start, end) pairs of what pointers may point to, in order and apart. */
  readonly pointers: BigUint64Array<ArrayBuffer>;
  /** Where locations begin, in order, and an index for each into the caller's list of locations. */
  readonly locationStarts: BigUint64Array<ArrayBuffer>;
  readonly locations: Uint32Array<ArrayBuffer>;
}

/** Memory in pages of 4 KiB, which have numbers in the order of their addresses. */
export interface NativeSampleScan {
  /** Pages. */
  readonly cells: number;
  /**
   * Reads pages by their numbers, in order, on a thread of its own; the first is number `first` of all that were drawn.
   * With `hasPrevious`, one more stands before them: the last that the job before reads.
   */
  run(
    source: Source,
    numbers: Float64Array<ArrayBuffer>,
    first: number,
    hasPrevious: boolean,
  ): Promise<SampleResult>;
  /** Jobs under way end after the page they are at. */
  cancel(): void;
}

/** What pages hold that were drawn; see native/jobs/sample_job.h. */
export interface SampleResult {
  readonly status: ReadStatus;
  /** errno, where the status is `failed`. */
  readonly error: number;
  /** Of neighbours, too. */
  readonly bytesRead: number;
  /** Strings that begin in them. */
  readonly strings: number;
  /** For each page what could be read of it, bytes of strings in that, and its class, an index in `pageClasses`. */
  readonly bytes: Uint32Array;
  readonly text: Uint32Array;
  readonly classes: Uint8Array;
  /** How often they begin in them, as in `signatures`. */
  readonly signatures: Float64Array;
  /** For a {@link SampleTable} to take, once. */
  readonly families: object;
}

/** Sums up what jobs of a sample found, in the order of the pages. */
export interface SampleTable {
  add(families: object): void;
  /** The families of at least so many bytes, largest first. The table takes no more then. */
  finish(least: number): NativeSampledFamily[];
}

/** As much of a family as pages hold that were drawn; see native/content/sample_families.h. */
export interface NativeSampledFamily extends Pick<NativeFamily, 'encodings' | 'bytes' | 'error' | 'samples'> {
  /** That begin in these pages. */
  readonly strings: number;
  /** Parts of strings. */
  readonly parts: number;
  /** Pairs: a page's index among those that were drawn, and bytes of the family in it. */
  readonly cells: Uint32Array;
  /** Pairs: the index of a location, and bytes of strings that begin there. */
  readonly locations: Float64Array;
}

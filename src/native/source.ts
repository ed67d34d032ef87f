/** A process or file that the addon reads. Owns a duplicate of the descriptor it was made with. */
export interface Source {
  /**
   * Lists resident and swapped pages in `spans` from `start` on, at most about `maxPages` per call. `spans` holds triples: start,
   * end (page-aligned), and 1 to report {@link PageState}.file. The result's `ranges` holds triples: start, end, state (bits of
   * PageState); `next` is where the next call goes on; `error` is 0 or an errno.
   */
  listPages(
    spans: BigUint64Array<ArrayBuffer>,
    start: bigint,
    maxPages: number,
    byEntry: boolean,
  ): Promise<{ error: number; next: bigint; ranges: BigUint64Array<ArrayBuffer> }>;
  /** Counts pages in `spans` (triples as in listPages(), no overlap). `counts`: anonymous, file and swapped pages per span. */
  countPages(
    spans: BigUint64Array<ArrayBuffer>,
    byEntry: boolean,
  ): Promise<{ error: number; counts: Float64Array }>;
  /**
   * Reads `length` bytes at each address (in order, no two in one page). An entry is undefined unless all its bytes are resident
   * and readable.
   */
  readEach(
    addresses: BigUint64Array<ArrayBuffer>,
    length: number,
    byEntry: boolean,
  ): readonly (Buffer | undefined)[];
  /** Reads ranges, given as [start, end) pairs. */
  copy(ranges: BigUint64Array<ArrayBuffer>): Promise<CopyResult>;
  /** Closes the descriptor. Jobs in flight finish. */
  close(): void;
}

export interface CopyResult {
  readonly status: ReadStatus;
  /** errno if the status is `failed`. */
  readonly error: number;
  readonly bytesRead: number;
  readonly bytesUnreadable: number;
  /** The ranges' bytes, concatenated. Zeros for memory that could not be read. */
  readonly bytes: Buffer;
}

export type ReadStatus = 'ok' | 'ended' | 'not-permitted' | 'failed';

/** Bits of a page's state; see native/memory/pages.h. */
export const PageState = { present: 1n, swapped: 2n, file: 4n, zero: 8n } as const;

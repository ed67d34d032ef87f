/** A process or file as the addon reads it. Owns a duplicate of the descriptor it was made with. */
export interface Source {
  /**
   * Lists page ranges of `spans` (triples: start, end, page-aligned, and 1 where {@link PageState}.file is asked) from
   * `start` on, a bounded portion a call. `ranges` holds triples: start, end, state (bits of PageState).
   */
  listPages(
    spans: BigUint64Array<ArrayBuffer>,
    start: bigint,
    maxPages: number,
    byEntry: boolean,
  ): Promise<{ error: number; next: bigint; ranges: BigUint64Array<ArrayBuffer> }>;
  /** Counts the pages of spans (as above, apart): for each anonymous ones, those of a file, and swapped ones. */
  countPages(
    spans: BigUint64Array<ArrayBuffer>,
    byEntry: boolean,
  ): Promise<{ error: number; counts: Float64Array }>;
  /**
   * The `length` bytes at each address (in order, no two in one page); undefined where not all of them are in memory and
   * readable.
   */
  readEach(
    addresses: BigUint64Array<ArrayBuffer>,
    length: number,
    byEntry: boolean,
  ): readonly (Buffer | undefined)[];
  /** Reads ranges ([start, end) pairs). */
  copy(ranges: BigUint64Array<ArrayBuffer>): Promise<CopyResult>;
  /** Jobs under way go on to their end. */
  close(): void;
}

export interface CopyResult {
  readonly status: ReadStatus;
  /** errno, where the status is `failed`. */
  readonly error: number;
  readonly bytesRead: number;
  readonly bytesUnreadable: number;
  /** The ranges side by side; zeros where memory could not be read. */
  readonly bytes: Buffer;
}

export type ReadStatus = 'ok' | 'ended' | 'not-permitted' | 'failed';

/** Bits of a page's state; see native/memory/pages.h. */
export const PageState = { present: 1n, swapped: 2n, file: 4n, zero: 8n } as const;

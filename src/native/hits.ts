import type { ReadStatus } from './source.ts';
import type { NativeScan } from './strings.ts';

export type HitScanOptions = HitsWanted & {
  readonly kernel: string;
  readonly output: 'count' | 'records' | 'lines';
  /** For `lines`. */
  readonly style?: HitStyle | undefined;
};

/** What a search for hits finds: bytes that match one of the patterns, or aligned pointers into [start, end). */
export type HitsWanted =
  | { readonly patterns: readonly BytePattern[] }
  | { readonly pointers: { readonly start: bigint; readonly end: bigint } };

/** One or more bytes to find. Bits that are set in `loose` match any value. */
export interface BytePattern {
  readonly bytes: Uint8Array;
  /** One byte for each of `bytes`. */
  readonly loose: Uint8Array;
}

export interface HitStyle {
  readonly json: boolean;
  readonly color: boolean;
  /** The fewest hexadecimal digits of an address. */
  readonly addressDigits: number;
}

export interface NativeHitScan {
  /** Runs a job as {@link NativeScan.run} does. It may stop in its last chunk, at `next`. */
  run(...job: Parameters<NativeScan['run']>): Promise<HitResult[]>;
  /** Makes jobs in flight end after their current chunk. */
  cancel(): void;
}

/** What a job found in one chunk. */
export interface HitResult {
  readonly status: ReadStatus;
  /** errno, if the status is `failed`. */
  readonly error: number;
  readonly bytesRead: number;
  readonly bytesUnreadable: number;
  readonly hits: number;
  readonly lines?: Buffer;
  readonly records?: HitRecords;
  /** Where the next job continues, if the chunk holds more hits than one job returns. */
  readonly next?: bigint;
}

/** Hits as columns; see native/jobs/hit_job.h. */
export interface HitRecords {
  readonly addresses: BigUint64Array;
  /** The pointers that were found; empty for bytes. */
  readonly values: BigUint64Array;
  /** For bytes, three lengths per hit in `bytes`: of the memory before it, of the hit, of the memory after it. */
  readonly lengths: Uint32Array;
  readonly bytes: Buffer;
}

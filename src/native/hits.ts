import type { ReadStatus } from './source.ts';
import type { NativeScan } from './strings.ts';

export type HitScanOptions = HitsWanted & {
  readonly kernel: string;
  readonly output: 'count' | 'records' | 'lines';
  /** For `lines`. */
  readonly style?: HitStyle | undefined;
};

/** What is looked for anywhere in memory: one of some patterns, or aligned words that are addresses in [start, end). */
export type HitsWanted =
  | { readonly patterns: readonly BytePattern[] }
  | { readonly pointers: { readonly start: bigint; readonly end: bigint } };

/** Bytes to look for anywhere in memory, one or more; of each, the bits set in `loose` may be any. */
export interface BytePattern {
  readonly bytes: Uint8Array;
  /** As many. */
  readonly loose: Uint8Array;
}

export interface HitStyle {
  readonly json: boolean;
  readonly color: boolean;
  /** Hexadecimal digits of an address, at least. */
  readonly addressDigits: number;
}

export interface NativeHitScan {
  /** As {@link NativeScan.run}; it may leave the last chunk at `next`. */
  run(...job: Parameters<NativeScan['run']>): Promise<HitResult[]>;
  /** Jobs under way end after the chunk they are at. */
  cancel(): void;
}

/** What one chunk held. */
export interface HitResult {
  readonly status: ReadStatus;
  /** errno, where the status is `failed`. */
  readonly error: number;
  readonly bytesRead: number;
  readonly bytesUnreadable: number;
  readonly hits: number;
  readonly lines?: Buffer;
  readonly records?: HitRecords;
  /** From there on, the chunk was left: it holds more than one job may bring. */
  readonly next?: bigint;
}

/** Hits side by side; see native/jobs/hit_job.h. */
export interface HitRecords {
  readonly addresses: BigUint64Array;
  /** Of pointers. */
  readonly values: BigUint64Array;
  /** Of bytes, three for each: of what stands before it, of itself, of what stands behind it in `bytes`. */
  readonly lengths: Uint32Array;
  readonly bytes: Buffer;
}

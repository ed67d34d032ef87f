/** Strings side by side; see native/jobs/job.h. */
export interface Records {
  readonly addresses: BigUint64Array;
  readonly lengths: Uint32Array;
  readonly codeUnits: Uint32Array;
  /** Of each one's text in bytes: what `lengths` tells of memory, but for encodings other than ASCII and UTF-8. */
  readonly textLengths: Uint32Array;
  /** Indexes in ENCODINGS (encodings.ts). */
  readonly encodings: Uint8Array;
  /** In UTF-8. */
  readonly text: Buffer;
}

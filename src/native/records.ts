/** Strings as columns; see native/jobs/job.h. */
export interface Records {
  readonly addresses: BigUint64Array;
  readonly lengths: Uint32Array;
  readonly codeUnits: Uint32Array;
  /** Length of each string's text in bytes. Differs from `lengths`, in memory, unless the encoding is ASCII or UTF-8. */
  readonly textLengths: Uint32Array;
  /** Indexes in ENCODINGS (encodings.ts). */
  readonly encodings: Uint8Array;
  /** All texts, concatenated, in UTF-8. */
  readonly text: Buffer;
}

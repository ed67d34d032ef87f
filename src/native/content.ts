import type { RegionLocations } from './lines.ts';
import type { Records } from './records.ts';
import type { ChunkContent } from './strings.ts';

/** Aggregates strings into families. Input must be in order of addresses; see native/content/family_table.h. */
export interface FamilyTable {
  add(content: ChunkContent): void;
  /** `text`: the first 1,024 bytes at least, or all. `location`: an index into the caller's list. */
  addString(address: bigint, length: number, text: Uint8Array, location: number): void;
  /** Adds the records with the indexes `chosen`, in order. */
  addRecords(
    records: Omit<Records, 'codeUnits'>,
    chosen: Uint32Array<ArrayBuffer>,
    locations: RegionLocations,
  ): void;
  totals(): ContentTotals;
  /** Returns the families of at least `least` bytes, largest first. The table accepts no more input. */
  finish(least: number): NativeFamily[];
}

export interface ContentTotals {
  readonly strings: number;
  /** Total bytes of the strings. */
  readonly bytes: number;
  /** Bytes of pages by class. */
  readonly classes: Readonly<Record<PageClass, number>>;
  /** How often each signature begins in pages. */
  readonly signatures: Readonly<Record<Signature, number>>;
}

/** Class of a page by its content; see native/content/page_class.h. */
export type PageClass =
  'zero' | 'text' | 'pointers' | 'repeated' | 'sparse' | 'floats' | 'compressed' | 'other';

/** Well-known content; see native/content/signatures.h. */
export type Signature =
  'gzip' | 'zlib' | 'png' | 'jpeg' | 'class' | 'elf' | 'tls' | 'protobuf' | 'json' | 'http';

/** Strings with a common beginning of their shape; see native/content/family.h. */
export interface NativeFamily {
  readonly strings: number;
  /** One bit per entry of ENCODINGS (encodings.ts), the first in the lowest bit. */
  readonly encodings: number;
  readonly bytes: number;
  /** Upper bound on the bytes that `bytes` lacks. */
  readonly error: number;
  /** Up to eight values, those with the lowest hashes, in order of hashes. */
  readonly samples: readonly NativeSample[];
  /** Pairs: the index of a location, and the bytes of the family there. */
  readonly locations: Float64Array;
  /** Registers of a HyperLogLog of the values; missing if `samples` has all values. */
  readonly sketch?: Uint8Array;
}

/** A string of a family, cut to as many bytes as a shape is made from. */
export interface NativeSample {
  /** The value's hash. */
  readonly value: bigint;
  readonly address: bigint;
  /** Length of the whole string in memory, in bytes. */
  readonly length: number;
  /** An index in ENCODINGS (encodings.ts). */
  readonly encoding: number;
  /** Text in ASCII or UTF-8. */
  readonly text: Buffer;
}

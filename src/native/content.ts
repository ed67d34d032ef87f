import type { RegionLocations } from './lines.ts';
import type { Records } from './records.ts';
import type { ChunkContent } from './strings.ts';

/** Sums up families. What it takes comes in the order of addresses; see native/content/family_table.h. */
export interface FamilyTable {
  add(content: ChunkContent): void;
  /** `text`: the first 1,024 bytes at least, or all. `location`: an index into the caller's list. */
  addString(address: bigint, length: number, text: Uint8Array, location: number): void;
  /** Those of the records that were chosen, by their numbers in order. */
  addRecords(
    records: Omit<Records, 'codeUnits'>,
    chosen: Uint32Array<ArrayBuffer>,
    locations: RegionLocations,
  ): void;
  totals(): ContentTotals;
  /** The families of at least so many bytes, largest first. The table takes no more then. */
  finish(least: number): NativeFamily[];
}

export interface ContentTotals {
  readonly strings: number;
  /** Of the strings. */
  readonly bytes: number;
  /** Bytes of pages. */
  readonly classes: Readonly<Record<PageClass, number>>;
  /** How often they begin in pages. */
  readonly signatures: Readonly<Record<Signature, number>>;
}

/** What a page holds; see native/content/page_class.h. */
export type PageClass =
  'zero' | 'text' | 'pointers' | 'repeated' | 'sparse' | 'floats' | 'compressed' | 'other';

/** Well-known content; see native/content/signatures.h. */
export type Signature =
  'gzip' | 'zlib' | 'png' | 'jpeg' | 'class' | 'elf' | 'tls' | 'protobuf' | 'json' | 'http';

/** Strings whose shapes begin alike; see native/content/family.h. */
export interface NativeFamily {
  readonly strings: number;
  /** A bit for each of ENCODINGS (encodings.ts), the first the lowest. */
  readonly encodings: number;
  readonly bytes: number;
  /** The most bytes by which `bytes` is short. */
  readonly error: number;
  /** Of eight values at most, those with the lowest hashes, in their order. */
  readonly samples: readonly NativeSample[];
  /** Pairs: the index of a location, and the bytes of the family there. */
  readonly locations: Float64Array;
  /** Registers of a HyperLogLog of the values, where the samples are not all of them. */
  readonly sketch?: Uint8Array;
}

/** A string of a family, by its first bytes: as many as a shape is made from. */
export interface NativeSample {
  /** The value's hash. */
  readonly value: bigint;
  readonly address: bigint;
  /** In memory. */
  readonly length: number;
  /** An index in ENCODINGS (encodings.ts). */
  readonly encoding: number;
  /** In ASCII or UTF-8. */
  readonly text: Buffer;
}

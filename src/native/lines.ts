import type { Records } from './records.ts';

export interface LineStyle {
  readonly json: boolean;
  /** Whether lines for people tell a string's encoding; JSON does. */
  readonly showEncoding: boolean;
  readonly showAddress: boolean;
  /** Hexadecimal digits of an address, at least. */
  readonly addressDigits: number;
  readonly escapeTab: boolean;
  readonly color: boolean;
  /** Characters of text shown; 0 = all. */
  readonly maxLength: number;
}

/** Where regions start, in order, and what lines say of each: in JSON an object, else text that steers no terminal. */
export interface RegionLabels {
  readonly starts: BigUint64Array<ArrayBuffer>;
  readonly texts: readonly string[];
}

/** Where locations start, in order of address, and an index for each into the caller's list of locations. */
export interface RegionLocations {
  readonly starts: BigUint64Array<ArrayBuffer>;
  readonly locations: Uint32Array<ArrayBuffer>;
}

export interface LineWriter {
  /**
   * One line, with its line feed. `length` is the whole string's in bytes, `text` what is there of it; `matches` are
   * pairs of byte offsets in `text`, in order of where they begin; `label` says of its region what {@link RegionLabels}
   * do; `encoding` is an index in ENCODINGS (encodings.ts): the text is ASCII or UTF-8; `more` is in JSON further members, each with
   * a comma before it, and in text lines that stand below.
   */
  write(
    address: bigint,
    length: number,
    text: Uint8Array,
    cutBefore: boolean,
    cutAfter: boolean,
    matches: Uint32Array<ArrayBuffer>,
    label: string | undefined,
    encoding: number,
    more?: string,
  ): Buffer;
  /**
   * A line for each part of a record's text that was chosen: five numbers, in order, of a record's number, the part's
   * beginning and end in the text, its first match and the one behind its last, of `matches`, which are pairs of byte
   * offsets in the part. `addresses` and `lengths` are those of the parts in memory; `more` has for each what write() takes.
   */
  writeRecords(
    records: Pick<Records, 'textLengths' | 'encodings' | 'text'>,
    chosen: Uint32Array<ArrayBuffer>,
    addresses: BigUint64Array<ArrayBuffer>,
    lengths: Uint32Array<ArrayBuffer>,
    matches: Uint32Array<ArrayBuffer>,
    labels?: RegionLabels,
    more?: readonly string[],
  ): Buffer;
}

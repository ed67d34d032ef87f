import type { Records } from './records.ts';

export interface LineStyle {
  readonly json: boolean;
  /** Whether text lines show a string's encoding. JSON always does. */
  readonly showEncoding: boolean;
  readonly showAddress: boolean;
  /** Minimum number of hexadecimal digits of an address. */
  readonly addressDigits: number;
  readonly escapeTab: boolean;
  readonly color: boolean;
  /** Most characters of text to show; 0: all. */
  readonly maxLength: number;
}

/** Start addresses of regions, in order, and a label for each: a JSON object, or text without control characters. */
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
   * Formats one line, with its line feed. `length` is the whole string's in bytes, `text` the available part of it in ASCII or
   * UTF-8. `matches` are pairs of byte offsets in `text`, in order of starts. `label` describes the region as in
   * {@link RegionLabels}. `encoding` is an index in ENCODINGS (encodings.ts). `more` holds further JSON members, each with a
   * comma before it, or text lines to put below.
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
   * Formats one line per chosen part of a record's text. `chosen` holds five numbers per part, in order: index of the record,
   * start and end in its text, index of its first match and index behind its last in `matches`, which are pairs of byte offsets
   * in the part. `addresses` and `lengths` are the parts' in memory. `more` holds one text per part, as in write().
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

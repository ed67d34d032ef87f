import { MemscanError } from './errors.ts';
import { ADDON_ADVICE, loadAddon, readTables } from './load-addon.ts';

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

/** Bits of a page's state; see native/pages.h. */
export const PageState = { present: 1n, swapped: 2n, file: 4n, zero: 8n } as const;

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

export interface LineWriter {
  /**
   * One line, with its line feed. `length` is the whole string's in bytes, `text` what is there of it; `matches` are
   * pairs of byte offsets in `text`, in order of where they begin; `label` says of its region what {@link RegionLabels}
   * do; `encoding` is a place in ENCODINGS (encodings.ts): the text is ASCII or UTF-8; `more` is in JSON further members, each with
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

/**
 * What a chunk holds of a string that goes on in another chunk. Lengths in bytes; `text` is empty in a mere count. Of
 * several encodings: memory up to the first place where no string goes on (a head), or from the last one on (a tail), the
 * `text` of a tail with four bytes before it.
 */
export interface Partial {
  readonly address: bigint;
  readonly length: number;
  readonly characters: number;
  readonly text: Buffer;
}

/** Strings side by side; see native/job.h. */
export interface Records {
  readonly addresses: BigUint64Array;
  readonly lengths: Uint32Array;
  readonly codeUnits: Uint32Array;
  /** Of each one's text in bytes: what `lengths` tells of memory, but for encodings other than ASCII and UTF-8. */
  readonly textLengths: Uint32Array;
  /** Places in ENCODINGS (encodings.ts). */
  readonly encodings: Uint8Array;
  /** In UTF-8. */
  readonly text: Buffer;
}

/** What a chunk holds, by content, for a {@link FamilyTable} to take, once. */
export interface ChunkContent {
  /** Bytes of memory it takes, about. */
  readonly length: number;
}

/** What one chunk held. */
export interface ChunkResult {
  readonly status: ReadStatus;
  /** errno, where the status is `failed`. */
  readonly error: number;
  readonly bytesRead: number;
  readonly bytesUnreadable: number;
  /** Wanted strings that lie whole inside the chunk. */
  readonly strings: number;
  readonly lines?: Buffer;
  readonly records?: Records;
  readonly content?: ChunkContent;
  readonly head?: Partial;
  readonly tail?: Partial;
  /** The whole chunk is one piece of text, told by `head`. */
  readonly whole: boolean;
}

/** Bytes to look for, one or more. */
export interface Needle {
  readonly bytes: Uint8Array;
  /** ASCII letters stand for both cases; all other bytes for themselves. */
  readonly ignoreCase: boolean;
}

/** So many bytes in a row, at least one, of a class. */
export interface ClassRun {
  /** The bytes of the class, all of them ASCII text: TAB or 0x20 to 0x7e. */
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** What a string must hold: one of the needles (one or more), or the run. */
export type Condition = { readonly needles: readonly Needle[] } | { readonly run: ClassRun };

export interface ScanOptions {
  readonly kernel: string;
  /** Places in ENCODINGS (encodings.ts), one or more in order. */
  readonly encodings: readonly number[];
  /** In characters, at least 1. */
  readonly minLength: number;
  /** Only strings that meet one of them; without any, all. */
  readonly conditions: readonly Condition[];
  /** Only strings that meet none of them, in place of that. */
  readonly unmet: boolean;
  readonly output: 'count' | 'records' | 'lines' | 'content';
  readonly lines?: LineWriter | undefined;
  /** For `content`: [start, end) pairs of what pointers may point to, in order and apart. */
  readonly pointers?: BigUint64Array<ArrayBuffer> | undefined;
}

export interface NativeScan {
  /**
   * Reads chunks on a thread of its own, one after the other, until one cannot be read or 4 MiB have been found;
   * takes at most `limit` whole strings of each. `ranges` holds the [start, end) pairs of all of them; `shape` three numbers for each: how many of
   * the ranges it has, and how many bytes before the first and after the last of them belong to its neighbours.
   */
  run(
    source: Source,
    ranges: BigUint64Array<ArrayBuffer>,
    shape: Uint32Array<ArrayBuffer>,
    limit: number,
    labels?: RegionLabels,
  ): Promise<ChunkResult[]>;
  /** Whether a text meets one of the conditions. */
  meets(text: Uint8Array): boolean;
  /**
   * The strings of memory that was put together from several chunks, of several encodings: a tail's text and what follows
   * it. `address` is the tail's. With `goesOn`, those up to the last place where no string goes on, or if there is none, up
   * to 32 MiB; the result's tail tells the rest.
   */
  runJoined(
    bytes: Uint8Array,
    address: bigint,
    goesOn: boolean,
    limit: number,
    labels?: RegionLabels,
  ): Pick<ChunkResult, 'strings' | 'lines' | 'records' | 'content' | 'tail'>;
  /** Jobs under way end after the chunk they are at. */
  cancel(): void;
}

/** Bytes to look for anywhere in memory, one or more; of each, the bits set in `loose` may be any. */
export interface BytePattern {
  readonly bytes: Uint8Array;
  /** As many. */
  readonly loose: Uint8Array;
}

/** What is looked for anywhere in memory: one of some patterns, or aligned words that are addresses in [start, end). */
export type PlaceWanted =
  | { readonly patterns: readonly BytePattern[] }
  | { readonly pointers: { readonly start: bigint; readonly end: bigint } };

export interface PlaceStyle {
  readonly json: boolean;
  readonly color: boolean;
  /** Hexadecimal digits of an address, at least. */
  readonly addressDigits: number;
}

export type PlaceScanOptions = PlaceWanted & {
  readonly kernel: string;
  readonly output: 'count' | 'records' | 'lines';
  /** For `lines`. */
  readonly style?: PlaceStyle | undefined;
};

/** Hits side by side; see native/place_job.h. */
export interface PlaceRecords {
  readonly addresses: BigUint64Array;
  /** Of pointers. */
  readonly values: BigUint64Array;
  /** Of bytes, three for each: of what stands before it, of itself, of what stands behind it in `bytes`. */
  readonly lengths: Uint32Array;
  readonly bytes: Buffer;
}

/** What one chunk held. */
export interface PlaceResult {
  readonly status: ReadStatus;
  /** errno, where the status is `failed`. */
  readonly error: number;
  readonly bytesRead: number;
  readonly bytesUnreadable: number;
  readonly hits: number;
  readonly lines?: Buffer;
  readonly records?: PlaceRecords;
  /** From there on, the chunk was left: it holds more than one job may bring. */
  readonly next?: bigint;
}

export interface NativePlaceScan {
  /** As {@link NativeScan.run}; it may leave the last chunk at `next`. */
  run(...job: Parameters<NativeScan['run']>): Promise<PlaceResult[]>;
  /** Jobs under way end after the chunk they are at. */
  cancel(): void;
}

/** What a page holds; see native/content/page_class.h. */
export type PageClass =
  'zero' | 'text' | 'pointers' | 'repeated' | 'sparse' | 'floats' | 'compressed' | 'other';

/** Well-known content; see native/content/signatures.h. */
export type Signature =
  'gzip' | 'zlib' | 'png' | 'jpeg' | 'class' | 'elf' | 'tls' | 'protobuf' | 'json' | 'http';

/** A string of a family, by its first bytes: as many as a shape is made from. */
export interface NativeSample {
  /** The value's hash. */
  readonly value: bigint;
  readonly address: bigint;
  /** In memory. */
  readonly length: number;
  /** A place in ENCODINGS (encodings.ts). */
  readonly encoding: number;
  /** In ASCII or UTF-8. */
  readonly text: Buffer;
}

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
  /** Bytes by the labels of the regions they lie in. */
  readonly places: Readonly<Record<string, number>>;
  /** Registers of a HyperLogLog of the values, where the samples are not all of them. */
  readonly sketch?: Uint8Array;
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

/** Sums up families. What it takes comes in the order of addresses; see native/content/family_table.h. */
export interface FamilyTable {
  add(content: ChunkContent): void;
  /** `text`: the first 1,024 bytes at least, or all. `place`: the label of its region. */
  addString(address: bigint, length: number, text: Uint8Array, place: string): void;
  /** Those of the records that were chosen, by their numbers in order. */
  addRecords(
    records: Omit<Records, 'codeUnits'>,
    chosen: Uint32Array<ArrayBuffer>,
    labels: RegionLabels,
  ): void;
  totals(): ContentTotals;
  /** The families of at least so many bytes, widest first. The table takes no more then. */
  finish(least: number): NativeFamily[];
}

export interface SampleScanOptions {
  readonly kernel: string;
  /** A place in ENCODINGS (encodings.ts): ASCII or UTF-8. */
  readonly encoding: number;
  /** In characters, from 1 to 4,096. */
  readonly minLength: number;
  /** The memory that is drawn from: [start, end) pairs in order, apart. */
  readonly ranges: BigUint64Array<ArrayBuffer>;
  /** [start, end) pairs of what pointers may point to, in order and apart. */
  readonly pointers: BigUint64Array<ArrayBuffer>;
  /** Where places begin, in order, and a number for each. */
  readonly placeStarts: BigUint64Array<ArrayBuffer>;
  readonly places: Uint32Array<ArrayBuffer>;
}

/** What pages hold that were drawn; see native/content/sample_job.h. */
export interface SampleResult {
  readonly status: ReadStatus;
  /** errno, where the status is `failed`. */
  readonly error: number;
  /** Of neighbours, too. */
  readonly bytesRead: number;
  /** Strings that begin in them. */
  readonly strings: number;
  /** For each page what could be read of it, bytes of strings in that, and its class, a place in `pageClasses`. */
  readonly bytes: Uint32Array;
  readonly text: Uint32Array;
  readonly classes: Uint8Array;
  /** How often they begin in them, as in `signatures`. */
  readonly signatures: Float64Array;
  /** For a {@link SampleTable} to take, once. */
  readonly families: object;
}

/** Memory in pages of 4 KiB, which have numbers in the order of their addresses. */
export interface NativeSampleScan {
  /** Pages. */
  readonly cells: number;
  /**
   * Reads pages by their numbers, in order, on a thread of its own; the first is number `first` of all that were drawn.
   * With `hasPrevious`, one more stands before them: the last that the job before reads.
   */
  run(
    source: Source,
    numbers: Float64Array<ArrayBuffer>,
    first: number,
    hasPrevious: boolean,
  ): Promise<SampleResult>;
  /** Jobs under way end after the page they are at. */
  cancel(): void;
}

/** As much of a family as pages hold that were drawn; see native/content/sample_families.h. */
export interface NativeSampledFamily extends Pick<NativeFamily, 'encodings' | 'bytes' | 'error' | 'samples'> {
  /** That begin in these pages. */
  readonly strings: number;
  /** Parts of strings. */
  readonly parts: number;
  /** Pairs: a page's place among those that were drawn, and bytes of the family in it. */
  readonly cells: Uint32Array;
  /** Pairs: the number of a place, and bytes of strings that begin there. */
  readonly places: Float64Array;
}

/** Sums up what jobs of a sample found, in the order of the pages. */
export interface SampleTable {
  add(families: object): void;
  /** The families of at least so many bytes, widest first. The table takes no more then. */
  finish(least: number): NativeSampledFamily[];
}

interface Addon {
  /** Kernels this CPU can run, the best first. */
  readonly kernels: readonly string[];
  readonly pageSize: number;
  /** Devices, as [major, minor], of the kernel's own mounts of tmpfs and hugetlbfs. */
  memoryDevices(): [major: number, minor: number][];
  /**
   * From now on, SIGINT ends the process with `code` at the latest `milliseconds` after its present handler was called,
   * whatever JavaScript does meanwhile.
   */
  exitAfterInterrupt(code: number, milliseconds: number): void;
  /**
   * Takes all capabilities but `kept` (a bit each) from every thread of this process, for good, and sets no_new_privs.
   * Returns 0 or an errno.
   */
  dropPrivileges(kept: bigint): number;
  /**
   * Threads that read and that are made from now on have a niceness of 5. This thread's stays: Ctrl-C must be heard in
   * time.
   */
  standBack(): void;
  /** What the kernel can do: list pages by PAGEMAP_SCAN, and name a process for good. */
  kernelFeatures(): { readonly pagemapScan: boolean; readonly pidfd: boolean };
  /** Takes the tables of encodings, once a process. Returns false where it was built for others. */
  loadTables(file: Uint8Array): boolean;
  /** Ends the process without waiting for threads that are stuck in a read or a write, as process.exit() would. */
  exitNow(code: number): never;
  /**
   * A process by its open /proc/PID/pagemap, or with pid 0 a file, which is a core where `core` (triples in order: start,
   * end, offset in the file) tells what memory it holds.
   */
  readonly Source: new (pid: number, fd: number, core?: BigUint64Array<ArrayBuffer>) => Source;
  readonly LineWriter: new (style: LineStyle) => LineWriter;
  readonly Scan: new (options: ScanOptions) => NativeScan;
  readonly PlaceScan: new (options: PlaceScanOptions) => NativePlaceScan;
  readonly FamilyTable: new () => FamilyTable;
  readonly SampleScan: new (options: SampleScanOptions) => NativeSampleScan;
  readonly SampleTable: new () => SampleTable;
  readonly pageClasses: readonly PageClass[];
  readonly signatures: readonly Signature[];
  /**
   * The parts of a text's shape, by two numbers each: what stood in the hole (see native/content/shape.h, from 1 on; 0 =
   * it stands for itself), and where in the text it ends.
   */
  shapeOf(text: Uint8Array): Uint32Array;
}

function load(): Addon {
  try {
    return loadAddon() as Addon;
  } catch (cause) {
    throw new MemscanError(
      'NO_ADDON',
      `memscan's addon does not load: ${(cause as Error).message.split('\n')[0]}`,
      ADDON_ADVICE,
      { cause },
    );
  }
}

export const addon = load();

let hasTables = false;

/** What a scan for other strings than those of ASCII alone, or of UTF-8 alone, needs first. Throws NO_ADDON. */
export function loadTables(): void {
  try {
    hasTables ||= addon.loadTables(readTables());
  } catch (cause) {
    throw noTables((cause as Error).message.split('\n')[0]!, cause);
  }
  if (!hasTables) throw noTables('they are not those that the addon was built for');
}

const noTables = (why: string, cause?: unknown): MemscanError =>
  new MemscanError('NO_ADDON', `memscan's tables of encodings do not load: ${why}`, 'install memscan again', {
    cause,
  });

/** The kernel to use: the best, or the one MEMSCAN_KERNEL names. Throws BAD_OPTION where that does not run here. */
export function chooseKernel(): string {
  const wanted = process.env['MEMSCAN_KERNEL'];
  if (!wanted) return addon.kernels[0]!;
  if (addon.kernels.includes(wanted)) return wanted;
  throw new MemscanError(
    'BAD_OPTION',
    `MEMSCAN_KERNEL: no kernel '${wanted}' runs here`,
    `one of: ${addon.kernels.join(', ')}`,
  );
}

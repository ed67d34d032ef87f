import type { FamilyTable, PageClass, Signature } from './content.ts';
import type { HitScanOptions, NativeHitScan } from './hits.ts';
import type { LineStyle, LineWriter } from './lines.ts';
import { loaded } from './loaded.ts';
import type { NativeSampleScan, SampleScanOptions, SampleTable } from './samples.ts';
import type { Source } from './source.ts';
import type { NativeScan, ScanOptions } from './strings.ts';

/** The engine: reads targets, and finds, counts and writes what their memory holds. */
export interface Addon {
  /** Kernels this CPU can run, the best first. */
  readonly kernels: readonly string[];
  readonly pageSize: number;
  /** Devices, as [major, minor], of the kernel's own mounts of tmpfs and hugetlbfs. */
  memoryDevices(): [major: number, minor: number][];
  /** What the running Linux can do: list pages by PAGEMAP_SCAN (6.7), and name a process for good by pidfd_open (5.3). */
  kernelFeatures(): { readonly pagemapScan: boolean; readonly pidfd: boolean };
  /** Takes the tables of encodings, once a process. Returns false where it was built for others. */
  loadTables(file: Uint8Array): boolean;
  /**
   * A process by its open /proc/PID/pagemap, or with pid 0 a file, which is a core where `core` (triples in order: start,
   * end, offset in the file) tells what memory it holds.
   */
  readonly Source: new (pid: number, fd: number, core?: BigUint64Array<ArrayBuffer>) => Source;
  readonly LineWriter: new (style: LineStyle) => LineWriter;
  readonly Scan: new (options: ScanOptions) => NativeScan;
  readonly HitScan: new (options: HitScanOptions) => NativeHitScan;
  readonly FamilyTable: new () => FamilyTable;
  readonly SampleScan: new (options: SampleScanOptions) => NativeSampleScan;
  readonly SampleTable: new () => SampleTable;
  /** What constants.ts repeats, and the names of `ENCODINGS`, `PageState` and `HOLES`; see native/addon/constants.h. */
  readonly constants: Readonly<Record<string, unknown>>;
  readonly pageClasses: readonly PageClass[];
  readonly signatures: readonly Signature[];
  /**
   * The parts of a text's shape, two numbers for each: 0 if it is literal, else 1 + the index of its kind in
   * `constants.placeholders`; and where in the text it ends.
   */
  shapeOf(text: Uint8Array): Uint32Array;
}

export const addon = loaded as Addon;

import type { FamilyTable, PageClass, Signature } from './content.ts';
import type { HitScanOptions, NativeHitScan } from './hits.ts';
import type { LineStyle, LineWriter } from './lines.ts';
import { loaded } from './loaded.ts';
import type { NativeSampleScan, SampleScanOptions, SampleTable } from './samples.ts';
import type { Source } from './source.ts';
import type { NativeScan, ScanOptions } from './strings.ts';

/** The native engine: reads targets, and finds, counts and formats the content of their memory. */
export interface Addon {
  /** Kernels (implementations per ISA) that this CPU can run, best first. */
  readonly kernels: readonly string[];
  /** The system's page size in bytes. */
  readonly pageSize: number;
  /** Devices of the kernel's internal mounts of tmpfs and hugetlbfs, as [major, minor]. */
  memoryDevices(): [major: number, minor: number][];
  /** Features of the running kernel: PAGEMAP_SCAN (Linux 6.7) and pidfd_open (5.3). */
  kernelFeatures(): { readonly pagemapScan: boolean; readonly pidfd: boolean };
  /** Loads the tables of encodings, once per process. Returns false if the addon was built for other tables. */
  loadTables(file: Uint8Array): boolean;
  /**
   * Opens a process by a descriptor of /proc/PID/pagemap, or with pid 0 a file by its own. With `core`, the file is a core that
   * holds this memory: triples of start, end and offset in the file, in order.
   */
  readonly Source: new (pid: number, fd: number, core?: BigUint64Array<ArrayBuffer>) => Source;
  readonly LineWriter: new (style: LineStyle) => LineWriter;
  readonly Scan: new (options: ScanOptions) => NativeScan;
  readonly HitScan: new (options: HitScanOptions) => NativeHitScan;
  readonly FamilyTable: new () => FamilyTable;
  readonly SampleScan: new (options: SampleScanOptions) => NativeSampleScan;
  readonly SampleTable: new () => SampleTable;
  /** The values of constants.ts in the alphabetical order of their names, for a test. */
  readonly constants: Float64Array;
  /** The bits of PageState, for a test. */
  readonly pageStates: Float64Array;
  readonly encodings: readonly string[];
  /** The kinds of text that placeholders in shapes replace. */
  readonly placeholders: readonly string[];
  readonly pageClasses: readonly PageClass[];
  readonly signatures: readonly Signature[];
  /**
   * The parts of a text's shape, two numbers for each: 0 if it is literal, else 1 + the index of its kind in
   * `placeholders`; and where in the text it ends.
   */
  shapeOf(text: Uint8Array): Uint32Array;
}

export const addon = loaded as Addon;

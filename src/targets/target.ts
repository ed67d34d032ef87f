import type { Coverage } from '../memory/coverage.ts';
import type { Memory } from '../memory/memory.ts';
import type { Range } from '../memory/ranges.ts';
import type { Region, RegionSpan } from '../memory/region.ts';
import type { Residency } from '../memory/residency.ts';
import type { Selection } from '../memory/selection.ts';
import type { Source } from '../native/source.ts';
import type { Lifetime } from '../proc/lifetime.ts';
import type { MemoryLimit } from '../proc/limits.ts';

/** A process, core or file that is open for scanning. Close it when done. */
export interface Target extends Memory {
  readonly kind: 'process' | 'core' | 'file';
  /** The pid, or the path as it was given. */
  readonly name: string;
  /** What it was when it was opened, for people: `process 4711 (java)`. Holds text that the target chose. */
  readonly title: string;
  /** The program that a process runs; undefined for cores and files. */
  readonly lifetime?: Lifetime;
  /**
   * The regions in order of their addresses, as they were when the target was opened, each of the kind that evidence in its
   * memory speaks for. The first call looks for that evidence: it takes some milliseconds, for thousands of regions 0.1 s.
   */
  classifyRegions(): readonly Region[];
  /**
   * The region that holds `address`. Pages of a private mapping of a file which a scan has read, and which are the
   * target's own copies, are regions of their own, of the kind `file-data`.
   */
  regionAt(address: bigint): Region | undefined;
  /** The parts of the range that regions hold, in order, with those regions; as regionAt() has them. */
  regionsIn(range: Range): readonly RegionSpan[];
  /** Bytes in memory now (VmRSS and hugetlb pages), or the file's size. */
  residentBytes(): number;
  /** What the control groups of a process allow, where they set a limit. */
  memoryLimit(): MemoryLimit | undefined;
  /** How much of each of `regions` is in memory now. Throws TARGET_ENDED, NOT_PERMITTED. */
  residency(): Promise<readonly Residency[]>;
  /** About how many bytes a scan of the selection will read. */
  expectedBytes(selection: Selection): number;
  /**
   * What is to be read, in order of addresses, many ranges at a time; neighbours may touch. Counts everything else in
   * `coverage` as it goes; what it yields stays `notReached` until the caller has read it. Throws TARGET_ENDED,
   * NOT_PERMITTED.
   */
  spans(selection: Selection, coverage: Coverage): AsyncIterable<readonly Range[]>;
  /** The error for a target whose jobs say that it has ended. */
  endedError(): Error;
  /** The error for a target whose jobs say that it may not be read. */
  notPermittedError(): Error;
  /** What the addon reads by. Throws TARGET_CLOSED once it is closed, and so do scans. */
  readonly source: Source;
  close(): void;
}

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
  /** A title for people, as of opening: `process 4711 (java)`. Contains text that the target chose. */
  readonly title: string;
  /** The program that the process runs; undefined for cores and files. */
  readonly lifetime?: Lifetime;
  /**
   * Returns the regions in order of addresses, as of opening, with kinds and facts found in the target's memory. The first call
   * reads that memory: it takes some milliseconds, or 0.1 s for thousands of regions.
   */
  classifyRegions(): readonly Region[];
  /**
   * Returns the region that holds `address`. In private file mappings, pages that are the target's own copies, and that a scan
   * has read, are regions of their own, of kind `file-data`.
   */
  regionAt(address: bigint): Region | undefined;
  /**
   * Returns the pieces of `range` that lie in regions, in order, each with its region. Copied pages of files are regions of
   * their own, as in regionAt().
   */
  regionsIn(range: Range): readonly RegionSpan[];
  /** Bytes in memory now (VmRSS and hugetlb pages), or the file's size. */
  residentBytes(): number;
  /** The tightest memory limit of the process's control groups; undefined without a limit, and for files. */
  memoryLimit(): MemoryLimit | undefined;
  /** Resolves to how much of each region of classifyRegions() is in memory now. Throws TARGET_ENDED, NOT_PERMITTED. */
  residency(): Promise<readonly Residency[]>;
  /** Estimates how many bytes a scan of the selection will read. */
  expectedBytes(selection: Selection): number;
  /**
   * Yields the ranges to read, in order of addresses, many at a time; adjacent ranges may touch. Counts all other bytes in
   * `coverage` as it goes; bytes it yields count as `notReached` until the caller has read them. Throws TARGET_ENDED,
   * NOT_PERMITTED.
   */
  spans(selection: Selection, coverage: Coverage): AsyncIterable<readonly Range[]>;
  /** Makes the error for a read with status `ended`. */
  endedError(): Error;
  /** Makes the error for a read with status `not-permitted`. */
  notPermittedError(): Error;
  /** The addon's access to the target. Throws TARGET_CLOSED after close(); so do scans. */
  readonly source: Source;
  /** Releases the target. Reads in flight finish. */
  close(): void;
}

import { MemscanError } from '../errors.ts';
import type { Source } from '../native.ts';
import type { Memory } from './memory.ts';
import { firstEndingAfter, type Range } from './ranges.ts';

/** What a region is, told by evidence; see the README. `anon` is what is left. */
export const REGION_KINDS = [
  'heap',
  'arena',
  'mmap-chunk',
  'stack',
  'thread-stack',
  'java-heap',
  'code-cache',
  'metaspace',
  'jvm',
  'jit',
  'shared',
  'file-data',
  'file',
  'special',
  'anon',
] as const;

export type RegionKind = (typeof REGION_KINDS)[number];

/** The kind of that name. Throws BAD_OPTION. */
export function regionKind(name: string): RegionKind {
  const kind = REGION_KINDS.find((known) => known === name);
  if (kind !== undefined) return kind;
  throw new MemscanError(
    'BAD_OPTION',
    `unknown kind of region: ${name}`,
    `one of: ${REGION_KINDS.join(', ')}`,
  );
}

/** One line of /proc/PID/maps, or a part of it that is of another kind; a file is one region. */
export interface Region extends Range {
  /** Four letters, as in maps: `rw-p`. */
  readonly perms: string;
  /** Offset in the mapped file, in bytes. */
  readonly offset: bigint;
  /** Device of the mapped file, `major:minor` in hexadecimal. */
  readonly dev: string;
  readonly inode: bigint;
  /** The rest of the line as the kernel writes it: any text but a line feed, chosen by the target. */
  readonly pathname: string;
  readonly kind: RegionKind;
  /** What more is known, or empty: an arena's number, a thread's id and name (any text, chosen by the target). */
  readonly detail: string;
}

/** A part of a region, with the whole of it. */
export interface RegionSpan extends Range {
  readonly region: Region;
}

/** Which memory of a target is wanted. */
export interface Selection {
  /** File-backed pages too; without it the process's own memory: anonymous and shared. */
  readonly all: boolean;
  /** Only what lies in these, in any order; empty = everything. */
  readonly ranges: readonly Range[];
  /** Only these kinds; `file` among them means file-backed pages, whatever `all` says. */
  readonly only?: readonly RegionKind[] | undefined;
  /** All but these kinds. */
  readonly skip?: readonly RegionKind[] | undefined;
  /** Only regions with at least so many bytes in memory. */
  readonly larger?: number | undefined;
  /** Memory that is mapped at several places is wanted at each of them; default at the first. */
  readonly everyView?: boolean;
}

/** Bytes of the target's selected address space, by what became of them. They add up to `mapped`. */
export interface Coverage {
  mapped: number;
  scanned: number;
  notResident: number;
  swapped: number;
  /** In memory, but pages of a file. */
  fileBacked: number;
  /** Of kinds, or in regions of a size, that were not chosen. */
  notChosen: number;
  /** Memory that the target has mapped at several places, but for the first. */
  otherViews: number;
  /** Regions that are no memory of the process: vvar, vsyscall, devices, userfaultfd. */
  special: number;
  /** No read permission, or gone when they were to be read. */
  unreadable: number;
  /** Not looked at (yet): what a scan that was stopped leaves. */
  notReached: number;
}

export const noCoverage = (): Coverage => ({
  mapped: 0,
  scanned: 0,
  notResident: 0,
  swapped: 0,
  fileBacked: 0,
  notChosen: 0,
  otherViews: 0,
  special: 0,
  unreadable: 0,
  notReached: 0,
});

/** Bytes of which more has become known. */
export function moveBytes(coverage: Coverage, from: keyof Coverage, to: keyof Coverage, bytes: number): void {
  coverage[from] -= bytes;
  coverage[to] += bytes;
}

/** How much of a region is in memory. Bytes. */
export interface Residency {
  /** All of it that is in memory. */
  readonly resident: number;
  /** Of that, in a private mapping of a file, what is the process's own: pages that were written to. */
  readonly copied: number;
  /** Of it, memory that the target has mapped at a lower address, too. */
  readonly again: number;
  readonly swapped: number;
}

/** How much memory a control group allows, and what it uses now. Bytes. */
export interface MemoryLimit {
  readonly limit: number;
  readonly used: number | undefined;
}

/** A process, core or file that is open for scanning. Close it when done. */
export interface Target extends Memory {
  readonly kind: 'process' | 'core' | 'file';
  /** The pid, or the path as it was given. */
  readonly name: string;
  /** What it was when it was opened, for people: `process 4711 (java)`. Holds text that the target chose. */
  readonly title: string;
  /** In order of their addresses, as they were when the target was opened. */
  readonly regions: readonly Region[];
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

/** The one of `regions` (in order, apart) that holds `address`. */
export function regionAt(regions: readonly Region[], address: bigint): Region | undefined {
  const region = regions[firstEndingAfter(regions, address)];
  return region && region.start <= address ? region : undefined;
}

import { MemscanError } from '../base/errors.ts';
import type { RegionFacts } from './facts.ts';
import { firstEndingAfter, type Range } from './ranges.ts';

/** What a region is used for; see docs/concepts.md. `anon` is anonymous memory that nothing recognised. */
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

/** Returns `name` as a kind. Throws BAD_OPTION if no kind has that name. */
export function regionKind(name: string): RegionKind {
  const kind = REGION_KINDS.find((known) => known === name);
  if (kind !== undefined) return kind;
  throw new MemscanError(
    'BAD_OPTION',
    `unknown kind of region: ${name}`,
    `one of: ${REGION_KINDS.join(', ')}`,
  );
}

/** A line of /proc/PID/maps, or the part of one that has its own kind. A scanned file is a single region. */
export interface Region extends Range {
  /** Four letters as in maps, such as `rw-p`. */
  readonly perms: string;
  /** Offset in the mapped file, in bytes. */
  readonly offset: bigint;
  /** Device of the mapped file, `major:minor` in hexadecimal. */
  readonly dev: string;
  readonly inode: bigint;
  /** The rest of the line as the kernel writes it. Chosen by the target: any text without a line feed. */
  readonly pathname: string;
  readonly kind: RegionKind;
  readonly facts: RegionFacts;
}

/** A part of a region, and the whole region. */
export interface RegionSpan extends Range {
  readonly region: Region;
}

/** The one of `regions` (in order, no overlap) that holds `address`. */
export function regionAt(regions: readonly Region[], address: bigint): Region | undefined {
  const region = regions[firstEndingAfter(regions, address)];
  return region && region.start <= address ? region : undefined;
}

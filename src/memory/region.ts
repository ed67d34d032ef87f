import { MemscanError } from '../base/errors.ts';
import type { RegionFacts } from './facts.ts';
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
  readonly facts: RegionFacts;
}

/** A part of a region, with the whole of it. */
export interface RegionSpan extends Range {
  readonly region: Region;
}

/** The one of `regions` (in order, apart) that holds `address`. */
export function regionAt(regions: readonly Region[], address: bigint): Region | undefined {
  const region = regions[firstEndingAfter(regions, address)];
  return region && region.start <= address ? region : undefined;
}

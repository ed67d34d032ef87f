import { setTimeout as delay } from 'node:timers/promises';

import { MemscanError } from '../errors.ts';
import { newStats } from '../scan/scan.ts';
import type { Patterns } from '../scan/patterns.ts';
import { openTarget } from '../target/open.ts';
import type { Target } from '../target/target.ts';
import { matchFamilies } from './compare.ts';
import type { Family } from './family.ts';
import { identityOf, snapshotFamily, type SnapshotFamily } from './snapshot.ts';
import { type ContentOptions, ContentScan } from './top.ts';

/** Families of a process, some time ago. */
export interface EarlierFamilies {
  /** When the scan began, in milliseconds since 1970. */
  readonly time: number;
  readonly identity: string | undefined;
  readonly families: readonly SnapshotFamily[];
}

/** Of which process, and after how many milliseconds. */
export interface GrowthAsked {
  readonly pid: number;
  readonly after: number;
}

/** How much more of a family there is, or less. Bytes. */
export interface FamilyGrowth {
  readonly growth: number;
  readonly perMinute: number;
}

export type FamilyGrowths = ReadonlyMap<Family, FamilyGrowth>;

/**
 * Scans a process, and waits until so many milliseconds have gone by since that began. Throws MemscanError as
 * topFamilies() and openTarget() do.
 */
export async function earlierFamilies(
  { pid, after }: GrowthAsked,
  options: ContentOptions,
  patterns: Patterns | undefined,
): Promise<EarlierFamilies> {
  const target = await openTarget(pid);
  try {
    const time = Date.now();
    const scan = new ContentScan(target, options, newStats());
    await scan.run(patterns);
    const families = scan.result().families.map((family) => snapshotFamily(family, true));
    const { identity } = identityOf(target);
    await delay(Math.max(0, time + after - Date.now()));
    return { time, identity, families };
  } finally {
    target.close();
  }
}

/**
 * What grew since then: of each of `families`, which were found by the same options in a scan that began at `time`. Of
 * several that were one family then, the widest has it all. Throws TARGET_ENDED where the target is another process.
 */
export function growthSince(
  earlier: EarlierFamilies,
  target: Target,
  families: readonly Family[],
  time: number,
): FamilyGrowths {
  if (identityOf(target).identity !== earlier.identity) throw isAnother(target);
  const minutes = Math.max(1, time - earlier.time) / 60_000;
  const byKept = new Map(families.map((family) => [snapshotFamily(family, true), family]));
  const growths = new Map<Family, FamilyGrowth>();
  for (const [, before, after] of matchFamilies(earlier.families, [...byKept.keys()])) {
    const [widest] = after.toSorted((a, b) => b.bytes - a.bytes);
    if (!widest) continue;
    const growth = bytesOf(after) - bytesOf(before);
    growths.set(byKept.get(widest)!, { growth, perMinute: growth / minutes });
  }
  return growths;
}

const bytesOf = (families: readonly SnapshotFamily[]): number =>
  families.reduce((sum, { bytes }) => sum + bytes, 0);

const isAnother = ({ name }: Target): MemscanError =>
  new MemscanError(
    'TARGET_ENDED',
    `process ${name} ended meanwhile, and its pid was given to another process`,
    'look at what runs now',
  );

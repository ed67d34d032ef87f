import { setTimeout as delay } from 'node:timers/promises';

import { Lifetime } from '../proc/lifetime.ts';
import type { Patterns } from '../scan/patterns.ts';
import { newStats, type ScanOptions } from '../scan/scan.ts';
import { openTarget } from '../targets/open.ts';
import { matchFamilies } from './compare.ts';
import type { Family } from './family.ts';
import { type SnapshotFamily, snapshotFamily } from './snapshot.ts';
import { ContentScan } from './top.ts';

/** Families of a process at an earlier time. */
export interface EarlierFamilies {
  /** When the scan began, in milliseconds of the monotonic clock performance.now(). */
  readonly time: number;
  /** The program that was scanned. */
  readonly life: Lifetime;
  readonly families: readonly SnapshotFamily[];
}

/** The process to scan, and the milliseconds from one scan to the next. */
export interface GrowthAsked {
  readonly pid: number;
  readonly after: number;
}

/** How much a family grew, in bytes; negative if it shrank. */
export interface FamilyGrowth {
  readonly growth: number;
  readonly perMinute: number;
}

export type FamilyGrowths = ReadonlyMap<Family, FamilyGrowth>;

/**
 * Scans a process, then waits until `after` milliseconds have passed since the scan began. Throws MemscanError as
 * topFamilies() and openTarget() do.
 */
export async function earlierFamilies(
  { pid, after }: GrowthAsked,
  options: ScanOptions,
  patterns: Patterns | undefined,
): Promise<EarlierFamilies> {
  const life = new Lifetime(pid);
  const target = await openTarget(pid);
  try {
    const time = performance.now();
    const scan = new ContentScan(target, options, newStats());
    await scan.run(patterns);
    const families = scan.result().families.map((family) => snapshotFamily(family, true));
    await delay(Math.max(0, time + after - performance.now()));
    return { time, life, families };
  } finally {
    target.close();
  }
}

/**
 * Returns the growth of each of `families` since `earlier`. They must come from a scan with the same options that began
 * at `time`, in milliseconds of performance.now(). If one earlier family has become several, the largest gets the whole
 * growth. Throws TARGET_ENDED if another program was scanned.
 */
export function growthSince(
  earlier: EarlierFamilies,
  families: readonly Family[],
  time: number,
): FamilyGrowths {
  earlier.life.checkNotReplaced();
  const minutes = Math.max(1, time - earlier.time) / 60_000;
  const byKept = new Map(families.map((family) => [snapshotFamily(family, true), family]));
  const growths = new Map<Family, FamilyGrowth>();
  for (const [, before, after] of matchFamilies(earlier.families, [...byKept.keys()])) {
    const [largest] = after.toSorted((a, b) => b.bytes - a.bytes);
    if (!largest) continue;
    const growth = bytesOf(after) - bytesOf(before);
    growths.set(byKept.get(largest)!, { growth, perMinute: growth / minutes });
  }
  return growths;
}

const bytesOf = (families: readonly SnapshotFamily[]): number =>
  families.reduce((sum, { bytes }) => sum + bytes, 0);

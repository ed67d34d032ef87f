import { DEFAULT_MIN } from '../base/defaults.ts';
import { MemscanError } from '../base/errors.ts';
import { LONGEST_NAME, type RegionFacts } from '../memory/facts.ts';
import type { RegionKind } from '../memory/region.ts';
import { type KindUsage, type Usage, usageByKind, usageOf } from '../memory/usage.ts';
import type { PageClass, Signature } from '../native/content.ts';
import { encodingsOf } from '../scan/encodings.ts';
import { newStats, type ScanOptions, type ScanStats } from '../scan/scan.ts';
import { openTarget } from '../targets/open.ts';
import type { Target } from '../targets/target.ts';
import { familyKey } from './family-key.ts';
import type { Family, Sample } from './family.ts';
import { shapeText } from './shape.ts';
import { ContentScan, type TopContent } from './top.ts';

/** What filled a target's memory at one moment. In bytes unless stated otherwise. */
export interface Snapshot {
  /** When it was taken, in milliseconds since 1970. */
  readonly time: number;
  readonly target: SnapshotTarget;
  /** For people: the options of the scan. Snapshots with different options are not comparable. */
  readonly scan: string;
  readonly resident: number;
  readonly scanned: number;
  readonly text: { readonly strings: number; readonly bytes: number };
  readonly classes: Readonly<Record<PageClass, number>>;
  readonly signatures: Readonly<Record<Signature, number>>;
  /** The selected kinds of regions; `regions` is restricted to them, too. */
  readonly kinds: readonly KindUsage[];
  /** The regions with most bytes in memory, at most 2,000. */
  readonly regions: readonly SnapshotRegion[];
  /** The largest families, at most 1,000. */
  readonly families: readonly SnapshotFamily[];
}

export interface SnapshotTarget {
  readonly kind: Target['kind'];
  /** The pid, or the path as given. */
  readonly name: string;
  readonly title: string;
  /** Identifies a process uniquely, even if its pid is reused. */
  readonly identity?: string;
}

export interface SnapshotRegion {
  readonly start: bigint;
  readonly end: bigint;
  readonly kind: RegionKind;
  /** A thread's name is cut to 100 characters. */
  readonly facts: RegionFacts;
  /** Cut to 100 characters. */
  readonly pathname: string;
  readonly resident: number;
}

export interface SnapshotFamily {
  /** 16 hexadecimal digits, derived from the beginning of the shape. */
  readonly key: string;
  /** Missing if the snapshot holds no text. */
  readonly shape?: string;
  readonly strings: number;
  readonly bytes: number;
  /** Maximum number of bytes that `bytes` may be too low. */
  readonly error: number;
  readonly distinct: number;
  readonly locations: FamilyLocations;
  /** Sorted numbers of the arenas that hold most of it, at most 64. */
  readonly arenas: readonly number[];
  /** Empty if the snapshot holds no text. */
  readonly samples: readonly Sample[];
}

/** Bytes of a family by kind of region. */
export type FamilyLocations = Readonly<Partial<Record<RegionKind, number>>>;

export interface SnapshotOptions extends Omit<ScanOptions, 'chunkSize'> {
  /** Keep samples and shapes, which contain text of the target; default true. Without them, families have only keys. */
  readonly samples?: boolean;
}

export const MOST_REGIONS = 2000;
export const MOST_FAMILIES = 1000;
export const MOST_ARENAS = 64;

/**
 * Scans all of a target and keeps what compareSnapshots() compares.
 *
 * @throws MemscanError as topFamilies() does; TARGET_ENDED if the target ends during the snapshot
 */
export async function takeSnapshot(
  target: Target,
  options: SnapshotOptions = {},
  stats: ScanStats = newStats(),
): Promise<Snapshot> {
  try {
    const time = Date.now();
    const identity = target.lifetime?.identity;
    const scan = new ContentScan(target, options, stats);
    await scan.run(undefined);
    const usages = usageOf(target.classifyRegions(), await target.residency()).filter(isChosen(options));
    const content = scan.result();
    return {
      time,
      target: describeTarget(target, identity),
      scan: describeScan(options),
      resident: target.residentBytes(),
      ...numbersOf(content),
      kinds: usageByKind(usages),
      regions: largestRegions(usages),
      families: content.families
        .slice(0, MOST_FAMILIES)
        .map((family) => snapshotFamily(family, options.samples ?? true)),
    };
  } catch (error) {
    throw endedMeanwhile(error, target);
  }
}

/**
 * Takes a snapshot of a process as it is now. Opens it again, because an open target keeps the regions it had when
 * opened.
 */
export async function snapshotNow(pid: number, options: SnapshotOptions): Promise<Snapshot> {
  const target = await openTarget(pid);
  try {
    return await takeSnapshot(target, options);
  } finally {
    target.close();
  }
}

const describeTarget = ({ kind, name, title }: Target, identity: string | undefined): SnapshotTarget => ({
  kind,
  name,
  title,
  ...(identity !== undefined && { identity }),
});

const numbersOf = ({ scanned, text, classes, signatures }: TopContent) => ({
  scanned,
  text,
  classes: classes!,
  signatures: signatures!,
});

/** The scan's options, as on the command line. */
function describeScan({ min = DEFAULT_MIN, encoding, all, ...choice }: ScanOptions): string {
  const { only, skip, larger, ranges = [] } = choice;
  const hexadecimal = ranges.map(({ start, end }) => `${start.toString(16)}-${end.toString(16)}`);
  return [
    `--min ${min} --encoding ${encodingsOf(encoding).join(',')}`,
    ...(all ? ['--all'] : []),
    ...(only ? [`--only ${only.join(',')}`] : []),
    ...(skip ? [`--skip ${skip.join(',')}`] : []),
    ...(larger === undefined ? [] : [`--larger ${larger}`]),
    ...(ranges.length > 0 ? [`--range ${cut(hexadecimal.join(','))}`] : []),
  ].join(' ');
}

const isChosen =
  ({ only, skip }: ScanOptions) =>
  ({ kind }: Usage): boolean =>
    (!only || only.includes(kind)) && !skip?.includes(kind);

const largestRegions = (usages: readonly Usage[]): SnapshotRegion[] =>
  usages
    .filter(({ resident, again }) => resident > again)
    .toSorted((a, b) => b.resident - a.resident || (a.region.start < b.region.start ? -1 : 1))
    .slice(0, MOST_REGIONS)
    .map(({ region: { start, end, facts, pathname }, kind, resident, again }) => ({
      start,
      end,
      kind,
      facts: keptFacts(facts),
      pathname: cut(pathname),
      resident: resident - again,
    }));

const keptFacts = (facts: RegionFacts): RegionFacts =>
  facts.thread ? { ...facts, thread: { ...facts.thread, name: cut(facts.thread.name) } } : facts;

/** Cuts at the beginning: the end of a path is the most informative part. */
const cut = (text: string): string =>
  text.length <= LONGEST_NAME ? text : `…${text.slice(1 - LONGEST_NAME).toWellFormed()}`;

/** A copy of the snapshot without text of the target's memory. */
export const withoutText = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  families: snapshot.families.map(({ key, strings, bytes, error, distinct, locations, arenas }) => ({
    key,
    strings,
    bytes,
    error,
    distinct,
    locations,
    arenas,
    samples: [],
  })),
});

/** Returns the part of a family that a snapshot keeps. */
export function snapshotFamily(family: Family, keepText: boolean): SnapshotFamily {
  const { strings, bytes, error, distinct } = family;
  const locations: Partial<Record<RegionKind, number>> = {};
  for (const { kind, bytes } of family.locations) locations[kind] = (locations[kind] ?? 0) + bytes;
  return {
    key: familyKey(family.samples[0]!.text),
    ...(keepText && { shape: shapeText(family.shape) }),
    strings,
    bytes,
    error,
    distinct,
    locations,
    arenas: arenasOf(family),
    samples: keepText ? family.samples : [],
  };
}

const arenasOf = ({ locations }: Family): number[] =>
  locations
    .flatMap(({ arena }) => arena ?? [])
    .slice(0, MOST_ARENAS)
    .toSorted((a, b) => a - b);

function endedMeanwhile(error: unknown, target: Target): unknown {
  if (!(error instanceof MemscanError) || error.code !== 'TARGET_ENDED') return error;
  return new MemscanError(
    'TARGET_ENDED',
    `process ${target.name} ended during the snapshot, or became another program`,
    'nothing was kept; take one of what runs now',
    { cause: error },
  );
}

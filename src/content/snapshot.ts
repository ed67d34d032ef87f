import { MemscanError } from '../base/errors.ts';
import type { RegionFacts } from '../memory/facts.ts';
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

/** What filled a target's memory at one moment. Numbers are bytes where nothing else is said. */
export interface Snapshot {
  /** When it was taken, in milliseconds since 1970. */
  readonly time: number;
  readonly target: SnapshotTarget;
  /** What was read, for people: snapshots that were taken otherwise do not compare. */
  readonly scan: string;
  readonly resident: number;
  readonly scanned: number;
  readonly text: { readonly strings: number; readonly bytes: number };
  readonly classes: Readonly<Record<PageClass, number>>;
  readonly signatures: Readonly<Record<Signature, number>>;
  /** Of the kinds that were chosen, as are the regions. */
  readonly kinds: readonly KindUsage[];
  /** Those with most in memory, 2,000 at most. */
  readonly regions: readonly SnapshotRegion[];
  /** The widest, 1,000 at most. */
  readonly families: readonly SnapshotFamily[];
}

export interface SnapshotTarget {
  readonly kind: Target['kind'];
  /** The pid, or the path as it was given. */
  readonly name: string;
  readonly title: string;
  /** Of a process: what no other process has, whatever its pid. */
  readonly identity?: string;
}

export interface SnapshotRegion {
  readonly start: bigint;
  readonly end: bigint;
  readonly kind: RegionKind;
  /** The name of a thread is cut to 100 characters. */
  readonly facts: RegionFacts;
  /** Cut to 100 characters. */
  readonly pathname: string;
  readonly resident: number;
}

export interface SnapshotFamily {
  /** 16 hexadecimal digits, of what its strings' shapes begin with. */
  readonly key: string;
  /** Not where the snapshot is to hold no text. */
  readonly shape?: string;
  readonly strings: number;
  readonly bytes: number;
  /** The most by which `bytes` may be short. */
  readonly error: number;
  readonly distinct: number;
  readonly locations: FamilyLocations;
  /** Numbers of the arenas that hold most of it, 64 at most, in order. */
  readonly arenas: readonly number[];
  /** None where the snapshot is to hold no text. */
  readonly samples: readonly Sample[];
}

/** Bytes of a family by kind of region. */
export type FamilyLocations = Readonly<Partial<Record<RegionKind, number>>>;

export interface SnapshotOptions extends Omit<ScanOptions, 'chunkSize'> {
  /** Keeps beginnings of strings, and shapes, which are made of them; default true. Without them families have keys alone. */
  readonly samples?: boolean;
}

export const MOST_REGIONS = 2000;
export const MOST_FAMILIES = 1000;
export const MOST_ARENAS = 64;
export const LONGEST_NAME = 100;

/**
 * Scans all of a target and keeps what compareSnapshots() compares.
 *
 * @throws MemscanError as topFamilies() does; of a target that ends meanwhile there is no snapshot
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
      target: {
        kind: target.kind,
        name: target.name,
        title: target.title,
        ...(identity !== undefined && { identity }),
      },
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

/** Of a process as it is now: opened anew, since a target's regions are those of the moment when it was opened. */
export async function snapshotNow(pid: number, options: SnapshotOptions): Promise<Snapshot> {
  const target = await openTarget(pid);
  try {
    return await takeSnapshot(target, options);
  } finally {
    target.close();
  }
}

const numbersOf = ({ scanned, text, classes, signatures }: TopContent) => ({
  scanned,
  text,
  classes: classes!,
  signatures: signatures!,
});

/** In the words of the command line. */
export function describeScan({ min = 10, encoding, all, ...choice }: ScanOptions): string {
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

/** Keeps the end: of a path, the last part tells most. */
const cut = (text: string): string =>
  text.length <= LONGEST_NAME ? text : `…${text.slice(1 - LONGEST_NAME).toWellFormed()}`;

/** The same, with no text of the target's memory in it. */
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

/** What a snapshot keeps of a family. */
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

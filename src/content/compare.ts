import type { RegionFacts } from '../memory/facts.ts';
import type { RegionKind } from '../memory/region.ts';
import type { PageClass } from '../native/content.ts';
import { groupRelated } from './related.ts';
import type { FamilyLocations, Snapshot, SnapshotFamily, SnapshotRegion } from './snapshot.ts';

/** How an amount of bytes changed. */
export interface Change {
  readonly before: number;
  readonly after: number;
  readonly growth: number;
  /** Missing if no time passed between the snapshots, or the time is unknown. */
  readonly perMinute?: number;
}

export interface KindChange extends Change {
  readonly kind: RegionKind;
}

export interface ClassChange extends Change {
  readonly class: PageClass;
}

/** Regions of one kind that overlap in both snapshots. A region that grows does so at its end or its start. */
export interface RegionChange extends Change {
  readonly start: bigint;
  readonly end: bigint;
  readonly kind: RegionKind;
  readonly facts: RegionFacts;
  readonly pathname: string;
}

export interface FamilyChange extends Change {
  readonly key: string;
  /** Missing if neither snapshot has it. */
  readonly shape?: string;
  /** Maximum error of `growth`, in bytes. */
  readonly error: number;
  /** By how many strings the family grew; negative if it shrank. */
  readonly strings: number;
  /** Where the family is in the second snapshot, or in the first if it is gone. */
  readonly locations: FamilyLocations;
  /** Sorted numbers of the arenas that hold it; see SnapshotFamily. */
  readonly arenas: readonly number[];
}

/** The differences of two snapshots. Lists hold only what changed, from the largest growth to the largest shrinkage. */
export interface Comparison {
  /** From the first snapshot to the second; negative if they are given in reverse order. */
  readonly seconds: number;
  /** For people: why the snapshots may not be comparable. May hold text that targets chose. */
  readonly notes: readonly string[];
  readonly resident: Change;
  /** Bytes of all strings. */
  readonly text: Change;
  readonly kinds: readonly KindChange[];
  readonly classes: readonly ClassChange[];
  /** Empty unless both snapshots are of one process: the addresses of another process mean nothing. */
  readonly regions: readonly RegionChange[];
  /** A family that is missing in one snapshot, because it was too small, counts as 0 bytes there. */
  readonly families: readonly FamilyChange[];
}

/** Compares two snapshots: what grew and what shrank. */
export function compareSnapshots(first: Snapshot, second: Snapshot): Comparison {
  const seconds = (second.time - first.time) / 1000;
  const change = (before: number, after: number): Change => ({
    before,
    after,
    growth: after - before,
    ...(seconds > 0 && { perMinute: ((after - before) * 60) / seconds }),
  });
  return {
    seconds,
    notes: notesOn(first, second, seconds),
    resident: change(first.resident, second.resident),
    text: change(first.text.bytes, second.text.bytes),
    kinds: changed(
      joined(first.kinds, second.kinds, ({ kind }) => kind).map(([kind, a, b]) => ({
        kind,
        ...change(sum(a, residentOf), sum(b, residentOf)),
      })),
    ),
    classes: changed(
      (Object.keys(second.classes) as PageClass[]).map((name) => ({
        class: name,
        ...change(first.classes[name], second.classes[name]),
      })),
    ),
    regions: isOneProcess(first, second) ? changed(regionChanges(first, second, change)) : [],
    families: changed(familyChanges(first, second, change)),
  };
}

type ChangeOf = (before: number, after: number) => Change;

const changed = <Kind extends Change>(changes: readonly Kind[]): Kind[] =>
  changes.filter(({ growth }) => growth !== 0).toSorted((a, b) => b.growth - a.growth);

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const residentOf = ({ resident }: { readonly resident: number }): number => resident;

/** Groups the items of both lists by key. */
function joined<Item, Key>(
  first: readonly Item[],
  second: readonly Item[],
  keyOf: (item: Item) => Key,
): [key: Key, first: Item[], second: Item[]][] {
  const byKey = new Map<Key, [Key, Item[], Item[]]>();
  const entry = (item: Item): [Key, Item[], Item[]] => {
    const key = keyOf(item);
    const found = byKey.get(key) ?? [key, [], []];
    byKey.set(key, found);
    return found;
  };
  for (const item of first) entry(item)[1].push(item);
  for (const item of second) entry(item)[2].push(item);
  return [...byKey.values()];
}

function notesOn(first: Snapshot, second: Snapshot, seconds: number): string[] {
  const [a, b] = [first.target, second.target];
  return [
    ...(isOneProcess(first, second)
      ? []
      : [`two targets: ${a.title}, then ${b.title}; regions are not compared`]),
    ...(a.identity !== undefined && a.identity === b.identity && a.title !== b.title
      ? [`one process by two names: ${a.title}, then ${b.title}`]
      : []),
    ...(first.scan === second.scan ? [] : [`taken with other options: ${first.scan}, then ${second.scan}`]),
    ...(seconds > 0 ? [] : ['the second is not the later one: no growth per minute']),
  ];
}

/** Cores and files count as the same target if they have the same name. */
function isOneProcess({ target: a }: Snapshot, { target: b }: Snapshot): boolean {
  return a.kind === b.kind && a.name === b.name && a.identity === b.identity;
}

function regionChanges(first: Snapshot, second: Snapshot, change: ChangeOf): RegionChange[] {
  return joined(
    first.regions.map((region) => ({ region, before: region.resident, after: 0 })),
    second.regions.map((region) => ({ region, before: 0, after: region.resident })),
    ({ region }) => region.kind,
  ).flatMap(([, a, b]) =>
    overlapping([...a, ...b]).map((parts) => ({
      ...spanOf(parts.map(({ region }) => region)),
      ...change(
        sum(parts, ({ before }) => before),
        sum(parts, ({ after }) => after),
      ),
    })),
  );
}

interface Part {
  readonly region: SnapshotRegion;
  readonly before: number;
  readonly after: number;
}

/** Groups regions of one kind, of both snapshots, that overlap directly or through others. */
function overlapping(parts: readonly Part[]): Part[][] {
  const groups: Part[][] = [];
  let end = 0n;
  for (const part of parts.toSorted((a, b) => (a.region.start < b.region.start ? -1 : 1))) {
    if (part.region.start < end) groups.at(-1)!.push(part);
    else groups.push([part]);
    if (part.region.end > end) end = part.region.end;
  }
  return groups;
}

/** The range of all regions, with the kind, facts and pathname of the last one. */
function spanOf(regions: readonly SnapshotRegion[]): Omit<RegionChange, keyof Change> {
  const { kind, facts, pathname } = regions.at(-1)!;
  const start = regions.reduce(
    (least, region) => (region.start < least ? region.start : least),
    regions[0]!.start,
  );
  const end = regions.reduce((most, region) => (region.end > most ? region.end : most), 0n);
  return { start, end, kind, facts, pathname };
}

const familyChanges = (first: Snapshot, second: Snapshot, change: ChangeOf): FamilyChange[] =>
  matchFamilies(first.families, second.families).map(([, a, b]) => familyChange(a, b, change));

/** Families of two snapshots that belong together: several if one snapshot split them, none if one lacks them. */
export type Match = [key: string, first: SnapshotFamily[], second: SnapshotFamily[]];

/**
 * Matches families of two snapshots: first by key, then the others by shape, since each snapshot names a family by a
 * string of its own.
 */
export function matchFamilies(
  first: readonly SnapshotFamily[],
  second: readonly SnapshotFamily[],
): readonly Match[] {
  const byKey = joined(first, second, ({ key }) => key);
  const isWhole = ([, a, b]: Match): boolean => a.length > 0 && b.length > 0;
  const rest = byKey.filter((entry) => !isWhole(entry));
  return [
    ...byKey.filter(isWhole),
    ...rest.filter(hasNoText),
    ...byShape(rest.filter((entry) => !hasNoText(entry))),
  ];
}

const hasNoText = ([, first, second]: Match): boolean =>
  [...first, ...second].every(({ samples }) => samples.length === 0);

/** Matches families that only one snapshot has to families of the other that they may be a rest of. */
function byShape(matches: readonly Match[]): Match[] {
  const items = matches.map((match) => {
    const families = [...match[1], ...match[2]];
    const { text } = families.find(({ samples }) => samples.length > 0)!.samples[0]!;
    return { match, bytes: sum(families, bytesOf), samples: [{ text: Buffer.from(text) }] };
  });
  return groupRelated(items.toSorted((a, b) => b.bytes - a.bytes)).map((group) => [
    group[0].match[0],
    group.flatMap(({ match }) => match[1]),
    group.flatMap(({ match }) => match[2]),
  ]);
}

const bytesOf = ({ bytes }: SnapshotFamily): number => bytes;

function familyChange(
  first: readonly SnapshotFamily[],
  second: readonly SnapshotFamily[],
  change: ChangeOf,
): FamilyChange {
  const all = [...first, ...second].toSorted((a, b) => b.bytes - a.bytes);
  const shape = all.find((family) => family.shape !== undefined)?.shape;
  const present = second.length > 0 ? second : first;
  return {
    key: all[0]!.key,
    ...(shape !== undefined && { shape }),
    ...change(sum(first, bytesOf), sum(second, bytesOf)),
    error: sum(all, ({ error }) => error),
    strings: sum(second, ({ strings }) => strings) - sum(first, ({ strings }) => strings),
    locations: locationsOf(present),
    arenas: [...new Set(present.flatMap(({ arenas }) => arenas))].toSorted((a, b) => a - b),
  };
}

function locationsOf(families: readonly SnapshotFamily[]): FamilyLocations {
  const kinds = families.flatMap(({ locations }) => Object.keys(locations) as RegionKind[]);
  return Object.fromEntries(
    [...new Set(kinds)].map((kind) => [kind, sum(families, ({ locations }) => locations[kind] ?? 0)]),
  );
}

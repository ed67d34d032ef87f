import type { NativeFamily } from '../native/content.ts';
import { combine } from './family.ts';
import { likeness } from './likeness.ts';
import { hasPlaceholder, literalLength, outlineOf, partsOf } from './shape.ts';

/** Characters of an outline that a text may have lost at its beginning: malloc writes into the first of a free chunk. */
const MOST_LOST = 32;
const LEAST_LOST = 5;

/** ... and characters it may begin with instead, where what malloc wrote ends with text; where both do, fewer. */
const MOST_STRAY = 4;
const MOST_STRAY_BOTH = 2;

/** Characters by which outlines are looked up. */
const WINDOW = 8;

/**
 * Literal characters that two have in common where they are related: in all, or until one of them ends; fewer where they
 * are the same from the beginning, or have a hole in common and differ in single characters.
 */
const LEAST_COMMON = 24;
const LEAST_REST = 14;
const LEAST_BEGINNING = 8;

/** Outlines that are compared for one window, at most. */
const MOST_CANDIDATES = 8;

/** Of a group's bytes so far, what a family must have to give it its name. */
const NAMING_SHARE = 0.05;

/** Families as far as they are compared: by the text of their first sample. */
interface Related {
  readonly bytes: number;
  readonly samples: readonly { readonly text: Buffer }[];
}

interface Group<Family> {
  bytes: number;
  /** The first names it. */
  readonly families: [Family, ...Family[]];
}

/**
 * Joins families of texts that are the rest of others'; see groupRelated(). Both `families` and the results are in order
 * of their bytes, widest first.
 */
export const joinRelated = (families: readonly NativeFamily[]): NativeFamily[] =>
  groupRelated(families)
    .map(combine)
    .toSorted((a, b) => b.bytes - a.bytes);

/**
 * Puts families together whose texts are the rest of others': cut short, since their end was overwritten, or begun late,
 * since malloc reused their first bytes; and those that differ in single characters, see likeness(). Each is put to the
 * widest that it may be the rest of, or that may be the rest of it. `families`, of one sample at least, are in order of their bytes, widest first; the first of a group names it.
 */
export function groupRelated<Family extends Related>(families: readonly Family[]): [Family, ...Family[]][] {
  const groups: Group<Family>[] = [];
  const index = new OutlineIndex<Group<Family>>();
  for (const family of families) {
    const outline = outlineOf(partsOf(family.samples[0]!.text));
    const found = index.find(outline);
    const group: Group<Family> = found?.group ?? { bytes: 0, families: [family] };
    if (!found) groups.push(group);
    else if (found.isBetter && family.bytes >= NAMING_SHARE * group.bytes) group.families.unshift(family);
    else group.families.push(family);
    group.bytes += family.bytes;
    index.add(outline, group);
  }
  return groups.map((group) => group.families);
}

interface Entry<Group> {
  readonly outline: string;
  readonly group: Group;
  readonly at: number;
}

interface Found<Group> {
  readonly group: Group;
  /** What was looked for begins earlier than what is in the group, or is no hole where that has one. */
  readonly isBetter: boolean;
}

/** Outlines by what stands near their beginning. */
class OutlineIndex<Group> {
  private readonly entries = new Map<string, Entry<Group>[]>();

  add(outline: string, group: Group): void {
    for (const { at, window } of windowsOf(outline)) {
      const entries = this.entries.get(window) ?? [];
      if (entries.length < MOST_CANDIDATES) entries.push({ outline, group, at });
      this.entries.set(window, entries);
    }
  }

  /** The group of the outline that was added first of those that `outline` may be related to, by its first window. */
  find(outline: string): Found<Group> | undefined {
    for (const { at, window } of windowsOf(outline)) {
      const entry = this.entries.get(window)?.find((other) => isRelated(other, outline, at));
      if (!entry) continue;
      const isBetter = isLate(at, entry.at) || isClearer(outline, entry.outline);
      return { group: entry.group, isBetter };
    }
    return undefined;
  }
}

/** Where a length before a text is a digit, it is a hole: those that have other characters there tell that it differs. */
const isClearer = (outline: string, other: string): boolean =>
  likeness(outline, other).odd.some((at) => hasPlaceholder(other[at]!) && !hasPlaceholder(outline[at]!));

function isRelated(other: Entry<unknown>, outline: string, at: number): boolean {
  if (other.at === at && agree(other.outline, 0, outline, 0)) return true;
  const here = { outline, at };
  return (
    (mayAlign(other.at, at) || (isBehindStray(other) && isBehindStray(here))) &&
    agree(other.outline, other.at, outline, at)
  );
}

/** Within a word it is the word that differs: GET, PUT. */
const isBehindStray = ({ outline, at }: { readonly outline: string; readonly at: number }): boolean =>
  at > 0 && at <= MOST_STRAY_BOTH && !/ |[A-Za-z]{2}/.test(outline.slice(at - 1, at + 1));

function* windowsOf(outline: string): Generator<{ at: number; window: string }> {
  for (let at = 0; at <= MOST_LOST && at + WINDOW <= outline.length; at++) {
    const window = outline.slice(at, at + WINDOW);
    if (literalLength(window) >= WINDOW - 2) yield { at, window };
  }
}

/** Whether two texts may be the same from these places on, and differ before. */
const mayAlign = (a: number, b: number): boolean =>
  isLate(a, b) || isLate(b, a) || (Math.min(a, b) === 0 && Math.max(a, b) <= MOST_STRAY);

const isLate = (early: number, late: number): boolean =>
  late <= MOST_STRAY && early - late >= LEAST_LOST && early <= MOST_LOST;

/** Whether the outlines are alike from these places on, long enough or until one ends. */
function agree(a: string, aFrom: number, b: string, bFrom: number): boolean {
  const aRest = a.slice(aFrom);
  const bRest = b.slice(bFrom);
  const { length, odd } = likeness(aRest, bRest);
  const common = aRest.slice(0, length);
  const literals = literalLength(common) - odd.length;
  if (literals >= LEAST_COMMON) return true;
  if (![aRest, bRest].some((rest) => length >= withoutClosers(rest).length)) return false;
  const strays = Math.max(aFrom, bFrom);
  const isSure = strays + odd.length === 0 || (strays <= 1 && hasPlaceholder(common));
  return literals >= (isSure ? LEAST_BEGINNING : LEAST_REST);
}

/** Lists of other lengths end with the same brackets. */
const withoutClosers = (outline: string): string => outline.replace(/[\])}"']+$/, '');

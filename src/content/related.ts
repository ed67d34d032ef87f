import type { NativeFamily } from '../native/content.ts';
import { combine } from './family.ts';
import { likeness } from './likeness.ts';
import { hasPlaceholder, literalLength, outlineOf, partsOf } from './shape.ts';

/**
 * Maximum and minimum number of characters that a text may have lost at its beginning: malloc writes into the beginning
 * of a free chunk.
 */
const MOST_LOST = 32;
const LEAST_LOST = 5;

/**
 * Maximum number of stray characters that one text, or both, may begin with instead: the end of what malloc wrote may
 * be text.
 */
const MOST_STRAY = 4;
const MOST_STRAY_BOTH = 2;

/** Length of the windows by which outlines are indexed, in characters. */
const WINDOW = 8;

/**
 * Literal characters that related outlines must have in common, in total or until one of them ends. Fewer suffice if
 * one of them ends, and fewer still if they agree from the beginning, or have a placeholder in common after one stray
 * character.
 */
const LEAST_COMMON = 24;
const LEAST_REST = 14;
const LEAST_BEGINNING = 8;

/** Maximum number of outlines compared for one window. */
const MOST_CANDIDATES = 8;

/** Minimum share of a group's bytes that a family needs to give the group its name. */
const NAMING_SHARE = 0.05;

/** What the comparison needs of a family: it compares the text of the first sample. */
interface Related {
  readonly bytes: number;
  readonly samples: readonly { readonly text: Buffer }[];
}

interface Group<Family> {
  bytes: number;
  /** The first one names the group. */
  readonly families: [Family, ...Family[]];
}

/**
 * Joins families whose texts are remainders of others; see groupRelated(). Takes and returns families by size, largest
 * first.
 */
export const joinRelated = (families: readonly NativeFamily[]): NativeFamily[] =>
  groupRelated(families)
    .map(combine)
    .toSorted((a, b) => b.bytes - a.bytes);

/**
 * Groups families whose texts are remainders of others: cut short because their end was overwritten, or begun late
 * because malloc reused their first bytes. Also groups texts that differ only in single characters; see likeness(). A
 * family joins the largest group it may belong to.
 * `families` have at least one sample each and are sorted by size, largest first. The first family of a group names it.
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
  /** The outline begins earlier than the one in the group, or has a literal where that one has a placeholder. */
  readonly isBetter: boolean;
}

/** Outlines, indexed by windows near their beginning. */
class OutlineIndex<Group> {
  private readonly entries = new Map<string, Entry<Group>[]>();

  add(outline: string, group: Group): void {
    for (const { at, window } of windowsOf(outline)) {
      const entries = this.entries.get(window) ?? [];
      if (entries.length < MOST_CANDIDATES) entries.push({ outline, group, at });
      this.entries.set(window, entries);
    }
  }

  /** Returns the group of a related outline, by the first window that has one; of several, the one added first. */
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

/**
 * A length that happens to be a digit becomes a placeholder; an outline with another character there shows that it
 * varies.
 */
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

/** Within a word, differing letters are different words: GET, PUT. */
const isBehindStray = ({ outline, at }: { readonly outline: string; readonly at: number }): boolean =>
  at > 0 && at <= MOST_STRAY_BOTH && !/ |[A-Za-z]{2}/.test(outline.slice(at - 1, at + 1));

function* windowsOf(outline: string): Generator<{ at: number; window: string }> {
  for (let at = 0; at <= MOST_LOST && at + WINDOW <= outline.length; at++) {
    const window = outline.slice(at, at + WINDOW);
    if (literalLength(window) >= WINDOW - 2) yield { at, window };
  }
}

/** Whether two texts may agree from these indexes on, and differ before. */
const mayAlign = (a: number, b: number): boolean =>
  isLate(a, b) || isLate(b, a) || (Math.min(a, b) === 0 && Math.max(a, b) <= MOST_STRAY);

const isLate = (early: number, late: number): boolean =>
  late <= MOST_STRAY && early - late >= LEAST_LOST && early <= MOST_LOST;

/** Whether the outlines agree from these indexes on, for long enough or until one ends. */
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

/** Lists of different lengths end with the same brackets. */
const withoutClosers = (outline: string): string => outline.replace(/[\])}"']+$/, '');

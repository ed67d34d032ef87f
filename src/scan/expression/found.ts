import { type Found, joinedTwo, nothing, type Part } from './parts.ts';
import { costOfRun, costOfTexts } from './rarity.ts';
import { anyRun, joinedRuns, type Run } from './runs.ts';
import { anyTexts, areOneWord, joinedTexts, type Texts, withoutLonger } from './texts.ts';

/** Joins parts that follow each other into one. */
export function joined(parts: readonly Part[], ignoreCase: boolean): Part {
  const words = merged(parts, areWord);
  return { ...words.reduce(joinedTwo, nothing(ignoreCase)), inside: foundInWords(words, parts) };
}

/** Combines alternatives into one part. */
export const anyPart = (parts: readonly Part[]): Part => ({
  ...anyOf(parts),
  inside: anyOf(parts.map(({ inside }) => inside)),
});

const anyOf = (all: readonly Found[]): Found => ({
  texts: anyTexts(all.map(({ texts }) => texts)),
  run: anyRun(all.map(({ run }) => run)),
});

/** What a string must hold if these parts match one after the other. */
export const foundIn = (parts: readonly Part[]): Found => foundInWords(merged(parts, areWord), parts);

function foundInWords(words: readonly Part[], parts: readonly Part[]): Found {
  const first = words.slice(0, MOST_PARTS);
  const inside = parts.map((part) => part.inside);
  return {
    texts: cheapest([...textsIn(first), ...inside.flatMap(({ texts }) => texts ?? [])], costOfTexts),
    run: cheapest([...runsIn(first), ...inside.flatMap(({ run }) => run ?? [])], costOfRun),
  };
}

function cheapest<T>(all: readonly T[], costOf: (item: T) => number): T | undefined {
  if (all.length < 2) return all[0];
  const costs = all.map(costOf);
  return all[costs.indexOf(costs.reduce((least, cost) => Math.min(least, cost), Infinity))];
}

/** Only the beginning of a longer expression is examined: it says enough. */
const MOST_PARTS = 256;

// Single bytes are too common.
const textsIn = (parts: readonly Part[]): Texts[] =>
  windows(
    parts.map(({ texts }) => texts),
    joinedTexts,
  )
    .map(withoutLonger)
    .filter(({ texts }) => texts.every((text) => Buffer.byteLength(text) >= 2));

const runsIn = (parts: readonly Part[]): Run[] =>
  windows(
    merged(parts, areOneRun).map(({ run }) => run),
    joinedRuns,
  ).filter(({ length }) => length > 0);

// The characters of a word join into it.
const areWord = ({ texts: a }: Part, { texts: b }: Part): boolean =>
  a !== undefined && b !== undefined && areOneWord(a, b);

// A repeated class is one run.
const areOneRun = ({ run: a }: Part, { run: b }: Part): boolean => a !== undefined && a.bytes === b?.bytes;

/** Joins neighbours for good, except for their `inside`. */
function merged(parts: readonly Part[], areOne: (a: Part, b: Part) => boolean): Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last && areOne(last, part)) merged[merged.length - 1] = joinedTwo(last, part);
    else merged.push(part);
  }
  return merged;
}

/** Maximum number of neighbours joined at once. */
const LONGEST_WINDOW = 32;

/** Every sequence of neighbours, joined. */
function windows<T>(all: readonly (T | undefined)[], join: (a: T, b: T) => T | undefined): T[] {
  const found: T[] = [];
  for (let first = 0; first < all.length; first++) {
    let window = all[first];
    for (let next = first + 1; window !== undefined; next++) {
      found.push(window);
      const item = next < first + LONGEST_WINDOW ? all[next] : undefined;
      window = item && join(window, item);
    }
  }
  return found;
}

import { emptyRun, joinedRuns, type Run, runOf } from './runs.ts';
import { emptyText, joinedTexts, type Texts, textsOf } from './texts.ts';

/** What a string is known to hold wherever a part of an expression matches: of each sort the cheapest to look for. */
export interface Found {
  readonly texts: Texts | undefined;
  readonly run: Run | undefined;
}

const NOTHING: Found = { texts: undefined, run: undefined };

/** What is known of a part of an expression, of the piece of a string that it matches. */
export interface Part {
  /** Undefined where these are too many, or not known. */
  readonly texts: Texts | undefined;
  /** Undefined where there may be more than ASCII. */
  readonly run: Run | undefined;
  /** What the string holds besides, in the piece or beside it. */
  readonly inside: Found;
}

/** Anything. */
export const UNKNOWN: Part = { texts: undefined, run: undefined, inside: NOTHING };

/** No character, and something that is not known. */
export const assertion = (ignoreCase: boolean, inside: Found = NOTHING): Part => ({
  texts: emptyText(ignoreCase, false),
  run: emptyRun(false),
  inside,
});

/** No character, and no more than that. */
export const nothing = (ignoreCase: boolean): Part => ({
  texts: emptyText(ignoreCase, true),
  run: emptyRun(true),
  inside: NOTHING,
});

/** One of these characters. */
export const oneOf = (characters: readonly number[], ignoreCase: boolean): Part => ({
  texts: textsOf(characters, ignoreCase),
  run: runOf(characters),
  inside: NOTHING,
});

/** The one, then the other. What is inside of them is left out. */
export const joinedTwo = (a: Part, b: Part): Part => ({
  texts: a.texts && b.texts && joinedTexts(a.texts, b.texts),
  run: a.run && b.run && joinedRuns(a.run, b.run),
  inside: NOTHING,
});

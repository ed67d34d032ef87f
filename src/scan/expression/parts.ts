import { emptyRun, joinedRuns, type Run, runOf } from './runs.ts';
import { emptyText, joinedTexts, type Texts, textsOf } from './texts.ts';

/**
 * What a string must hold wherever a part of an expression matches: of each kind the one that costs least to search
 * for.
 */
export interface Found {
  readonly texts: Texts | undefined;
  readonly run: Run | undefined;
}

const NOTHING: Found = { texts: undefined, run: undefined };

/** What is known about the piece of a string that a part of an expression matches. */
export interface Part {
  /** The possible texts of the piece; undefined if they are too many, or unknown. */
  readonly texts: Texts | undefined;
  /** The bytes of the piece; undefined if it may hold more than ASCII. */
  readonly run: Run | undefined;
  /** What else the string must hold, inside or outside the piece. */
  readonly inside: Found;
}

/** Any piece. */
export const UNKNOWN: Part = { texts: undefined, run: undefined, inside: NOTHING };

/** An empty piece, with a condition that is not examined here. */
export const assertion = (ignoreCase: boolean, inside: Found = NOTHING): Part => ({
  texts: emptyText(ignoreCase, false),
  run: emptyRun(false),
  inside,
});

/** An empty piece, without a condition. */
export const nothing = (ignoreCase: boolean): Part => ({
  texts: emptyText(ignoreCase, true),
  run: emptyRun(true),
  inside: NOTHING,
});

/** Any one of these characters. */
export const oneOf = (characters: readonly number[], ignoreCase: boolean): Part => ({
  texts: textsOf(characters, ignoreCase),
  run: runOf(characters),
  inside: NOTHING,
});

/** Joins two parts that follow each other. Drops their `inside`. */
export const joinedTwo = (a: Part, b: Part): Part => ({
  texts: a.texts && b.texts && joinedTexts(a.texts, b.texts),
  run: a.run && b.run && joinedRuns(a.run, b.run),
  inside: NOTHING,
});

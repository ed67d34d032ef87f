import type { ClassRun, Needle } from '../native/strings.ts';
import type { Part } from './expression/parts.ts';
import { costOfRun, costOfTexts, frequencyOfRun, frequencyOfTexts, isWorth } from './expression/rarity.ts';
import { bytesOf, type Run } from './expression/runs.ts';
import { type Texts, withoutLonger } from './expression/texts.ts';
import { partOf } from './expression/walk.ts';

/**
 * A string meets this if it holds at least one of the needles. Needles are UTF-8, in lower case where case is ignored.
 */
interface NeedleCondition {
  readonly needles: readonly Needle[];
  readonly isExact: boolean;
}

/** A string meets this if it holds at least `run.length` bytes of the class in a row. */
interface RunCondition {
  readonly run: ClassRun;
  readonly isExact: boolean;
}

/**
 * What every string holds that an expression matches. With `isExact` the converse is true too: the expression matches
 * every string that meets the condition, so no test is left to run.
 */
export type Condition = NeedleCondition | RunCondition;

/**
 * Returns the condition of an expression (with flag u or v) that costs least to search for, or undefined if none is
 * selective enough. It assumes whole strings as memscan finds them: well-formed and without control characters. An
 * expression that requires anything else has no condition.
 */
export function conditionOf(regexp: RegExp): Condition | undefined {
  const whole = partOf(regexp);
  return whole && (exactCondition(whole) ?? cheapestCondition(whole));
}

function exactCondition({ texts, run }: Part): Condition | undefined {
  const exactTexts =
    texts?.isExact && texts.texts.every((text) => text !== '') ? withoutLonger(texts) : undefined;
  const count = exactTexts?.texts.length ?? 0;
  if (count !== 1 && run?.isExact && run.length > 0) return runCondition(run, true);
  return exactTexts && count > 0 ? needles(exactTexts, true) : undefined;
}

function cheapestCondition({ inside: { texts, run } }: Part): Condition | undefined {
  if (texts?.texts.length === 0) return undefined;
  const ofTexts = texts && isWorth(frequencyOfTexts(texts)) ? texts : undefined;
  const ofRun = run && isWorth(frequencyOfRun(run)) ? run : undefined;
  if (ofTexts && (!ofRun || costOfTexts(ofTexts) <= costOfRun(ofRun))) return needles(ofTexts, false);
  return ofRun && runCondition(ofRun, false);
}

const needles = ({ texts, ignoreCase }: Texts, isExact: boolean): Condition => ({
  needles: texts.map((text) => ({ bytes: Buffer.from(text), ignoreCase: ignoreCase && /[a-z]/.test(text) })),
  isExact,
});

const runCondition = (run: Run, isExact: boolean): Condition => ({
  run: { bytes: Uint8Array.from(bytesOf(run)), length: run.length },
  isExact,
});

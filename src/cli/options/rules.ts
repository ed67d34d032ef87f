import { badOption } from '../mistake.ts';
import type { Need } from './option.ts';
import { dashed, optionAt, type OptionName } from './table.ts';

/** Checks that the options that were given go together, in their order. Throws BAD_OPTION. */
export function checkTogether(given: readonly OptionName[]): void {
  for (const key of given) checkConflicts(key, given);
  for (const key of given) checkNeed(key, optionAt(key).needs, given);
}

function checkConflicts(key: OptionName, given: readonly OptionName[]): void {
  for (const { with: others, message, advice } of optionAt(key).conflicts ?? []) {
    const other = given.find((name) => others.includes(name));
    if (other === undefined) continue;
    throw badOption(message ?? `${dashed(key)} and ${dashed(other)} do not go together`, advice);
  }
}

/** Throws BAD_OPTION where the option needs others, and none of them was given. */
export function checkNeed(key: OptionName, need: Need | undefined, given: readonly OptionName[]): void {
  if (!need || given.some((name) => need.oneOf.includes(name))) return;
  throw badOption(`${dashed(key)} ${need.message}`, need.advice);
}

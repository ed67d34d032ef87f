import { badOption } from '../mistake.ts';
import type { Need } from './option.ts';
import { dashed, type Given, optionAt, type OptionName } from './table.ts';

/** Checks that the options that were given go together, in their order. Throws BAD_OPTION. */
export function checkTogether(given: Given): void {
  for (const key of given.keys()) checkConflicts(key, given);
  for (const key of given.keys()) {
    const { needs } = optionAt(key);
    if (needs) checkNeed(needs, [key], given);
  }
}

function checkConflicts(key: OptionName, given: Given): void {
  for (const { with: others, message, advice } of optionAt(key).conflicts ?? []) {
    const other = [...given.keys()].find((name) => others.includes(name));
    if (other === undefined) continue;
    throw badOption(message ?? `${dashed(key)} and ${dashed(other)} do not go together`, advice);
  }
}

/** Throws BAD_OPTION where one of the options was given, and none of those it needs. */
export function checkNeed(
  { oneOf, message, advice }: Need,
  options: readonly OptionName[],
  given: Given,
): void {
  const names = [...given.keys()];
  const needing = names.find((name) => options.includes(name));
  if (needing !== undefined && !names.some((name) => oneOf.includes(name)))
    throw badOption(`${dashed(needing)} ${message}`, advice);
}

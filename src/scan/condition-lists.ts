import type { Needle } from '../native/strings.ts';
import type { Condition } from './conditions.ts';
import { costOfRun, costOfTexts } from './expression/rarity.ts';

/**
 * Conditions of which a string meets one if it meets one in any of the lists. Empty, meaning unknown, if any list is
 * empty.
 */
export function unionOf(lists: readonly (readonly Condition[])[]): Condition[] {
  if (lists.some((list) => list.length === 0)) return [];
  const all = lists.flat();
  const isExact = all.every((condition) => condition.isExact);
  const needles = all.flatMap((condition) => ('needles' in condition ? condition.needles : []));
  const runs = all.flatMap((condition) => ('run' in condition ? condition.run : []));
  const isShort = ({ bytes }: Needle): boolean => bytes.length < SHORT_NEEDLE;
  return [
    ...[needles.filter((needle) => !isShort(needle)), needles.filter(isShort)]
      .filter(({ length }) => length > 0)
      .map((some) => ({
        needles: distinct(some, ({ bytes, ignoreCase }) => `${ignoreCase} ${hex(bytes)}`),
        isExact,
      })),
    ...distinct(runs, ({ bytes, length }) => `${length} ${hex(bytes)}`).map((run) => ({ run, isExact })),
  ];
}

/** Returns the list that costs least to search for; empty if all lists are empty. */
export function cheapestOf(lists: readonly (readonly Condition[])[]): readonly Condition[] {
  const costs = lists.map((list) =>
    list.length === 0 ? Infinity : list.reduce((sum, each) => sum + costOf(each), 0),
  );
  return lists[costs.indexOf(Math.min(...costs))] ?? [];
}

/** All needles of a set are found by as few bytes as the shortest has, so shorter ones get a set of their own. */
const SHORT_NEEDLE = 4;

const distinct = <T>(all: readonly T[], keyOf: (item: T) => string): T[] => [
  ...new Map(all.map((item) => [keyOf(item), item])).values(),
];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function costOf(condition: Condition): number {
  if ('run' in condition) {
    const { bytes, length } = condition.run;
    return costOfRun({
      bytes: bytes.reduce((bits, byte) => bits | (1n << BigInt(byte)), 0n),
      length,
      isExact: false,
    });
  }
  const texts = condition.needles.map(({ bytes }) => Buffer.from(bytes).toString());
  return costOfTexts({
    texts,
    ignoreCase: condition.needles.some(({ ignoreCase }) => ignoreCase),
    isExact: false,
  });
}

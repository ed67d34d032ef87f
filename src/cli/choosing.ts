import { REGION_KINDS, type RegionKind } from '../memory/region.ts';
import type { Selection } from '../memory/selection.ts';
import { parseKinds, parseRanges, parseSize } from './values.ts';

/** Options of every command that say which memory it is about. */
export const choosingOptions = {
  range: {
    string: true,
    array: true,
    requiresArg: true,
    nargs: 1,
    describe: 'Only what lies in START-END, in hexadecimal (of a file: offsets); may be given several times',
  },
  only: {
    string: true,
    array: true,
    requiresArg: true,
    nargs: 1,
    describe: `Only regions of these kinds: ${REGION_KINDS.join(', ')}`,
  },
  skip: { string: true, array: true, requiresArg: true, nargs: 1, describe: 'All but these kinds' },
  'off-heap': {
    boolean: true,
    default: false,
    describe: "What a JVM's heap tools cannot see: all but java-heap, file and special",
  },
  larger: {
    string: true,
    requiresArg: true,
    describe: 'Only regions with at least SIZE in memory (64M, 1.5G)',
  },
} as const;

/** In the order of the help. */
export const CHOOSING = ['range', 'only', 'skip', 'off-heap', 'larger'] as const;

/** Those of them that take several values. */
export const CHOOSING_LISTS = ['range', 'only', 'skip'] as const;

export interface GivenChoice {
  readonly range?: readonly string[] | undefined;
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  readonly 'off-heap': boolean;
  readonly larger?: string | undefined;
}

/** Throws BAD_OPTION. */
export function parseChoice(given: GivenChoice): Omit<Selection, 'all'> {
  const skip = [...parseKinds(given.skip ?? []), ...(given['off-heap'] ? ON_HEAP : [])];
  return {
    ranges: parseRanges(given.range ?? []),
    only: given.only && parseKinds(given.only),
    skip: skip.length > 0 ? skip : undefined,
    larger: given.larger === undefined ? undefined : parseSize('--larger', given.larger),
  };
}

const ON_HEAP: readonly RegionKind[] = ['java-heap', 'file', 'special'];

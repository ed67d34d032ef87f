import { REGION_KINDS } from '../../memory/region.ts';
import type { Options } from './option.ts';
import { parseKinds, parseRanges, parseSize } from './values.ts';

/** Which memory of the target is meant. */
export const whereOptions = {
  range: {
    kind: 'list',
    metavar: 'START-END',
    text: 'Only what lies in START-END, in hexadecimal (of a file: offsets); may be given several times',
    parse: parseRanges,
  },
  only: {
    kind: 'list',
    metavar: 'KIND,…',
    text: `Only regions of these kinds: ${REGION_KINDS.join(', ')}`,
    completes: REGION_KINDS,
    commas: true,
    parse: parseKinds,
  },
  skip: {
    kind: 'list',
    metavar: 'KIND,…',
    text: 'All but these kinds',
    completes: REGION_KINDS,
    commas: true,
    parse: parseKinds,
  },
  'off-heap': {
    kind: 'flag',
    text: "What a JVM's heap tools cannot see: all but java-heap, file and special",
  },
  larger: {
    kind: 'value',
    metavar: 'SIZE',
    text: 'Only regions with at least SIZE in memory (64M, 1.5G)',
    parse: parseSize,
  },
  all: {
    kind: 'flag',
    text: "File-backed pages too; default: the process's own memory, anonymous and shared",
  },
} as const satisfies Options;

/** In the order of the help: those that choose among regions. */
export const REGIONS = ['range', 'only', 'skip', 'off-heap', 'larger'] as const;

/** In the order of the help: all of them. */
export const WHERE = [...REGIONS, 'all'] as const;

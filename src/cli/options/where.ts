import { REGION_KINDS } from '../../memory/region.ts';
import type { Options } from './option.ts';
import { parseKinds, parseRanges, parseSize } from './values.ts';

/** Which memory of the target is meant. */
export const whereOptions = {
  range: {
    kind: 'list',
    metavar: 'START-END',
    text: 'Only memory within START-END, in hexadecimal (in a file: offsets); may be given several times',
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
    text: 'All regions except these kinds',
    completes: REGION_KINDS,
    commas: true,
    parse: parseKinds,
  },
  'off-heap': {
    kind: 'flag',
    text: "Only what a JVM's heap tools cannot see: all except java-heap, file and special",
  },
  larger: {
    kind: 'value',
    metavar: 'SIZE',
    text: 'Only regions with at least SIZE resident (64M, 1.5G)',
    parse: parseSize,
  },
  all: {
    kind: 'flag',
    text: "Also file-backed pages; without it only the process's own memory, anonymous and shared",
  },
} as const satisfies Options;

/** In the order of the help: those that choose among regions. */
export const REGIONS = ['range', 'only', 'skip', 'off-heap', 'larger'] as const;

/** In the order of the help: all of them. */
export const WHERE = [...REGIONS, 'all'] as const;

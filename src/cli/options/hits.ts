import { parseBytes } from '../../scan/byte-pattern.ts';
import type { Conflict, Options } from './option.ts';
import { parsePointedTo } from './values.ts';

/** Options that mean nothing where no strings are searched for. */
const ABOUT_STRINGS = [
  'min',
  'encoding',
  'grep',
  'grep-file',
  'find',
  'fixed',
  'ignore-case',
  'word',
  'all-of',
  'invert',
  'only-matching',
  'counts',
  'after-hit',
  'before',
  'context',
  'hexdump',
  'show-secrets',
  'max-length',
  'no-address',
];

const notStrings = (option: string): Conflict => ({
  with: ABOUT_STRINGS,
  advice: `${option} searches all bytes, not strings: leave out options about strings`,
});

const ONE_SEARCH = 'run memscan for each';

/** Searches for something other than strings. */
export const hitOptions = {
  hex: {
    kind: 'list',
    metavar: 'BYTES',
    text: 'Find bytes, in hexadecimal, with ? for any digit (1f 8b ?? 0?); may be given several times',
    conflicts: [{ with: ['pointers-to'], advice: ONE_SEARCH }, notStrings('--hex')],
    parse: (texts) => texts.map(parseBytes),
  },
  'pointers-to': {
    kind: 'value',
    metavar: 'ADDR',
    text: 'Find what refers to ADDR, or into START-END: aligned 8-byte pointers',
    conflicts: [{ with: ['hex'], advice: ONE_SEARCH }, notStrings('--pointers-to')],
    parse: parsePointedTo,
  },
} as const satisfies Options;

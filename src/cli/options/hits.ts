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
  advice: `${option} searches all bytes, not strings: leave out what is about strings`,
});

const ONE_SEARCH = 'run memscan for each';

/** Searches for something other than strings. */
export const hitOptions = {
  hex: {
    kind: 'list',
    metavar: 'BYTES',
    text: 'In place of strings: bytes anywhere in memory, in hexadecimal, ? for any digit; may be given several times',
    details: 'For example `1f 8b ?? 0?`',
    conflicts: [{ with: ['pointers-to'], advice: ONE_SEARCH }, notStrings('--hex')],
    parse: (texts) => texts.map(parseBytes),
  },
  'pointers-to': {
    kind: 'value',
    metavar: 'ADDR',
    text: 'In place of strings: aligned 8-byte values that point to ADDR, or into START-END: who refers to it',
    conflicts: [{ with: ['hex'], advice: ONE_SEARCH }, notStrings('--pointers-to')],
    parse: parsePointedTo,
  },
} as const satisfies Options;

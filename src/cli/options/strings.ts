import { DEFAULT_MIN } from '../../base/defaults.ts';
import { ENCODINGS } from '../../base/encodings.ts';
import type { Options } from './option.ts';
import { atLeast, parseEncodings } from './values.ts';

/** What counts as a string. */
export const stringOptions = {
  min: {
    kind: 'value',
    alias: 'n',
    metavar: 'N',
    default: String(DEFAULT_MIN),
    text: 'Shortest string, in characters',
    parse: atLeast(1),
  },
  encoding: {
    kind: 'value',
    metavar: 'LIST',
    default: 'utf8',
    text: `Encodings to find, separated by commas, or all: ${ENCODINGS.join(', ')}`,
    details:
      'In 1 GiB of random bytes ASCII has about 40,000 strings of 10 characters, and each other encoding fewer than 20 more',
    completes: [...ENCODINGS, 'all'],
    commas: true,
    parse: parseEncodings,
  },
} as const satisfies Options;

/** In the order of the help. */
export const STRINGS = ['min', 'encoding'] as const;

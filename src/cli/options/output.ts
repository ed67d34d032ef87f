import { badOption } from '../mistake.ts';
import { choice, type Options } from './option.ts';
import { NEEDS_PATTERN } from './patterns.ts';
import { atLeast, parseSize, wholeNumber } from './values.ts';

const COLORS = ['auto', 'always', 'never'] as const;

export type Color = (typeof COLORS)[number];

/** What is shown, and how. */
export const outputOptions = {
  'only-matching': {
    kind: 'flag',
    alias: 'o',
    text: 'Show each match separately, with its own address and length',
    needs: NEEDS_PATTERN,
    conflicts: [
      {
        with: ['invert'],
        message: '--only-matching and --invert do not go together: there are no matches',
        advice: 'give one of them',
      },
    ],
  },
  count: { kind: 'flag', alias: 'c', text: 'Show only how many there are' },
  counts: {
    kind: 'flag',
    text: 'Show only a table of what each pattern found',
    details: 'Hits (matches), and their strings, bytes and regions',
    needs: NEEDS_PATTERN,
    conflicts: [
      { with: ['count'], advice: 'give one of them' },
      {
        with: ['invert'],
        message: '--counts and --invert do not go together: there are no matches',
        advice: 'give one of them',
      },
    ],
  },
  'after-hit': {
    kind: 'value',
    name: 'after',
    alias: 'A',
    metavar: 'SIZE',
    text: 'Show memory after each hit, in bytes (64, 4K)',
    details: 'At most `64K`; as text, with dots for other bytes',
    parse: parseContext,
  },
  before: {
    kind: 'value',
    alias: 'B',
    metavar: 'SIZE',
    text: 'Show memory before each hit',
    parse: parseContext,
  },
  context: {
    kind: 'value',
    alias: 'C',
    metavar: 'SIZE',
    text: 'Show memory before and after each hit',
    parse: parseContext,
  },
  hexdump: {
    kind: 'flag',
    text: 'Show that memory in hexadecimal and ASCII, 16 bytes per line',
    needs: {
      oneOf: ['after-hit', 'before', 'context'],
      message: 'shows the memory around hits',
      advice: 'say how much of it: -C 64',
    },
  },
  'show-secrets': {
    kind: 'flag',
    text: 'Do not mask what --find jwt, pem-key, aws-key or credit-card finds',
  },
  json: { kind: 'flag', text: 'Print one JSON object per line' },
  limit: {
    kind: 'value',
    metavar: 'N',
    text: 'Stop after N strings or hits; 0 = all',
    parse: (text, option) => wholeNumber(text, option, 0) || Infinity,
  },
  'max-length': {
    kind: 'value',
    metavar: 'N',
    text: 'Longest text to show, in characters, with the match in view; 0 = no limit',
    defaultText: '4096, with --no-address 0',
    parse: atLeast(0),
  },
  'no-address': {
    kind: 'flag',
    text: 'Show only the text',
    details: 'For a file, with `--encoding ascii`, exactly what `strings -a -n N FILE` prints',
  },
  bytes: { kind: 'flag', text: 'Show exact sizes, in bytes' },
  color: {
    kind: 'value',
    metavar: 'WHEN',
    default: 'auto',
    text: 'Use colors: auto, always or never',
    details: '`auto` is on a terminal, unless `NO_COLOR` is set',
    ...choice(COLORS),
  },
  'no-progress': {
    kind: 'flag',
    text: 'Show no progress bar and no summary on stderr',
    details: 'The bar is only for a terminal',
  },
  help: { kind: 'flag', alias: 'h', text: 'Show this help' },
  version: { kind: 'flag', text: 'Show the version' },
} as const satisfies Options;

const MOST_CONTEXT = 1 << 16;

function parseContext(text: string, option: string): number {
  const size = parseSize(text, option);
  if (size <= MOST_CONTEXT) return size;
  throw badOption(`bad ${option}: ${text}`, 'give at most 64K');
}

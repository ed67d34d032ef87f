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
    text: 'Each match by itself, with its own address',
    details: 'JSON has its length, too',
    needs: NEEDS_PATTERN,
    conflicts: [
      {
        with: ['invert'],
        message: '--only-matching and --invert do not go together: there are no matches',
        advice: 'give one of them',
      },
    ],
  },
  count: { kind: 'flag', alias: 'c', text: 'Only the number of strings' },
  counts: {
    kind: 'flag',
    text: 'Only what each pattern found, as a table',
    details: 'Its hits (matches), their strings, bytes and regions',
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
    text: 'Memory after each hit, in bytes (64, 4K)',
    details: 'At most `64K`, as text with dots',
    parse: parseContext,
  },
  before: {
    kind: 'value',
    alias: 'B',
    metavar: 'SIZE',
    text: 'Memory before each hit',
    parse: parseContext,
  },
  context: { kind: 'value', alias: 'C', metavar: 'SIZE', text: 'Both', parse: parseContext },
  hexdump: {
    kind: 'flag',
    text: 'That memory in hexadecimal, 16 bytes a line',
    details: 'And in ASCII beside it',
    needs: {
      oneOf: ['after-hit', 'before', 'context'],
      message: 'shows the memory around hits',
      advice: 'say how much of it: -C 64',
    },
  },
  'show-secrets': {
    kind: 'flag',
    text: 'Hide no jwt, pem-key, aws-key or credit-card',
    details: 'What `--find` finds of these is masked otherwise',
  },
  json: { kind: 'flag', text: 'One JSON object a line' },
  limit: {
    kind: 'value',
    metavar: 'N',
    text: 'Stop after N strings; 0 = all',
    parse: (text, option) => wholeNumber(option, text, 0) || Infinity,
  },
  'max-length': {
    kind: 'value',
    metavar: 'N',
    text: 'Longest text shown, in characters, the match in view; 0 = no limit',
    defaultText: '4096, with --no-address 0',
    parse: atLeast(0),
  },
  'no-address': {
    kind: 'flag',
    text: 'Text alone',
    details: 'Of a file, with `--encoding ascii`, exactly what `strings -a -n N FILE` prints',
  },
  bytes: { kind: 'flag', text: 'Sizes in bytes, exactly' },
  color: {
    kind: 'value',
    metavar: 'WHEN',
    default: 'auto',
    text: 'auto, always or never',
    details: '`auto`: on a terminal, unless `NO_COLOR` is set',
    ...choice(COLORS),
  },
  'no-progress': {
    kind: 'flag',
    text: 'No progress bar and no summary on stderr',
    details: 'Only a terminal gets the bar',
  },
  help: { kind: 'flag', alias: 'h', text: 'Show help' },
  version: { kind: 'flag', text: 'Show version number' },
} as const satisfies Options;

const MOST_CONTEXT = 1 << 16;

function parseContext(text: string, option: string): number {
  const size = parseSize(text, option);
  if (size <= MOST_CONTEXT) return size;
  throw badOption(`bad ${option}: ${text}`, 'give at most 64K');
}

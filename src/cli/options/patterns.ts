import { oneOf } from '../../base/option-checks.ts';
import { NAMED, PATTERN_NAMES } from '../../scan/named/named.ts';
import type { Need, Options } from './option.ts';
import { commaSeparated } from './values.ts';

export const NEEDS_PATTERN: Need = {
  oneOf: ['grep', 'grep-file', 'find'],
  message: 'needs a pattern',
  advice: 'give one with --grep, --grep-file or --find',
};

/** The named patterns, with what each takes. */
const namedList = (): string =>
  Object.entries(NAMED)
    .map(([name, { takes }]) => `${name.padEnd(12)}  ${takes}`)
    .join('\n');

export const patternOptions = {
  grep: {
    kind: 'list',
    alias: 'g',
    metavar: 'PATTERN',
    text: 'Keep strings that match a JavaScript regular expression (flag u); given several times, any of them',
    details: 'It is tested on the decoded text',
    parse: (texts) => texts,
  },
  'grep-file': {
    kind: 'list',
    metavar: 'FILE',
    text: 'Patterns from FILE (-: standard input), one per line; # begins a comment',
    details: 'Blank lines are skipped; write a pattern that begins with `#` as `[#]`',
    completes: 'file',
    parse: (texts) => texts,
  },
  find: {
    kind: 'list',
    metavar: 'NAME,…',
    text: 'Named patterns: url, email, … (--find list describes them)',
    details: `All names: ${PATTERN_NAMES.map((name) => `\`${name}\``).join(', ')}`,
    completes: [...PATTERN_NAMES, 'list'],
    commas: true,
    answers: { list: namedList },
    parse: (texts, option) => [
      ...new Set(commaSeparated(texts).map((name) => oneOf(option, name, PATTERN_NAMES))),
    ],
  },
  fixed: { kind: 'flag', alias: 'F', text: 'Take patterns literally', needs: NEEDS_PATTERN },
  'ignore-case': { kind: 'flag', alias: 'i', text: 'Ignore upper and lower case', needs: NEEDS_PATTERN },
  word: {
    kind: 'flag',
    alias: 'w',
    text: 'Match only whole words',
    details: 'Those with no letter, digit or `_` beside them',
    needs: NEEDS_PATTERN,
  },
  'all-of': {
    kind: 'flag',
    text: 'Keep strings that all patterns match, not any of them',
    needs: NEEDS_PATTERN,
    conflicts: [{ with: ['invert'], advice: 'give one of them' }],
  },
  invert: { kind: 'flag', alias: 'v', text: 'Keep strings that no pattern matches', needs: NEEDS_PATTERN },
} as const satisfies Options;

/** In the order of the help. */
export const PATTERNS = [
  'grep',
  'grep-file',
  'find',
  'fixed',
  'ignore-case',
  'word',
  'all-of',
  'invert',
] as const;

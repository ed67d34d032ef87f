import { badOption } from '../mistake.ts';
import type { Options } from './option.ts';
import { parseSize, wholeNumber } from './values.ts';

/** What a command may take of the machine. */
export const boundOptions = {
  'max-rate': {
    kind: 'value',
    metavar: 'SIZE',
    text: 'Read at most SIZE per second (500M)',
    parse: parseRate,
  },
  'max-cpu': {
    kind: 'value',
    metavar: 'PERCENT',
    text: 'Use at most PERCENT of one CPU (50%)',
    parse: parseShare,
  },
  'full-speed': {
    kind: 'flag',
    text: 'Read at normal priority; without it other programs go first',
    conflicts: [{ with: ['max-rate', 'max-cpu'], advice: 'give --full-speed, or --max-rate and --max-cpu' }],
  },
  jobs: {
    kind: 'value',
    metavar: 'N',
    text: 'Chunk jobs in flight',
    details: 'Each CPU has a thread; by default one job runs on it and one waits',
    defaultText: 'two per CPU, fewer with --max-rate or --max-cpu',
    parse: (text, option) => wholeNumber(text, option, 1, 1024),
  },
} as const satisfies Options;

/** In the order of the help. */
export const BOUNDS = ['max-rate', 'max-cpu', 'full-speed'] as const;

const LEAST_RATE = 1 << 20;

export function parseRate(text: string, option: string): number {
  const rate = parseSize(text, option);
  if (rate >= LEAST_RATE) return rate;
  throw badOption(`bad ${option}: ${text}`, 'give at least 1M');
}

/** Of one CPU, as a fraction. */
export function parseShare(text: string, option: string): number {
  const percent = /^(\d{1,9}(?:\.\d{1,9})?)%?$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) >= 1) return Number(percent) / 100;
  throw badOption(`bad ${option}: ${text}`, 'give a percentage of one CPU, at least 1%: 50%');
}

import { type Encoding, isPlain } from '../../base/encodings.ts';
import { MOST_SAMPLE_MIN } from '../../content/sample-draw.ts';
import { badOption } from '../arguments.ts';
import { wholeNumber } from '../values.ts';
import type { PatternsOptions } from './patterns.ts';

/** How `memscan top` looks. `both`: on a terminal the sample's answer first, and the exact one in its place. */
export type Method = 'exact' | 'sample' | 'both';

export const methodOptions = {
  sample: {
    boolean: true,
    default: false,
    describe: 'By a sample of pages, within half a second: shares with what they may be off by',
  },
  exact: {
    boolean: true,
    default: false,
    describe: 'By all pages at once; on a terminal, a sample tells first what is about there',
  },
} as const;

interface GivenMethod {
  readonly exact: boolean;
  readonly sample: boolean;
  readonly json: boolean;
  readonly min: string;
  readonly by: string;
}

/** Throws BAD_OPTION where a sample is asked for that there cannot be. */
export function methodOf(
  { exact, sample, json, min, by }: GivenMethod,
  { grep, grepFile, find }: PatternsOptions,
  encodings: readonly Encoding[],
): Method {
  const unknown = unknownToSamples({
    patterns: [grep, grepFile, find].some(({ length }) => length > 0),
    growth: by === 'growth',
    'encodings but ascii or utf8': encodings.length > 1 || !encodings.every(isPlain),
  });
  if (exact && sample) throw badOption('--exact is given, and --sample too', 'give one of them');
  if (sample && unknown) throw badOption(`--sample knows no ${unknown}`, 'leave --sample out');
  if (sample) wholeNumber('--min with --sample', min, 1, MOST_SAMPLE_MIN);
  if (sample) return 'sample';
  return exact || json || unknown || Number(min) > MOST_SAMPLE_MIN ? 'exact' : 'both';
}

const unknownToSamples = (asked: Readonly<Record<string, boolean>>): string | undefined =>
  Object.keys(asked).find((name) => asked[name]);

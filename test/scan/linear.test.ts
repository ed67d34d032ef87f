import { setFlagsFromString } from 'node:v8';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { linearOf } from '../../src/scan/linear.ts';
import { samples } from '../fixtures/expressions.ts';

const placesOf = (text: string, regexp: RegExp): [number, string][] =>
  [...text.matchAll(new RegExp(regexp, `${regexp.flags}g`))].map((match) => [match.index, match[0]]);

describe('the linear form of an expression', () => {
  // With 1, the second engine takes over at once.
  it.each([50_000, 1])('matches the same, when that is after %d backtracks', (backtracks) => {
    setFlagsFromString(`--regexp-backtracks-before-fallback=${backtracks}`);
    let forms = 0;
    fc.assert(
      fc.property(samples, ({ regexp, texts }) => {
        const linear = linearOf(regexp);
        if (!linear) return;
        forms++;
        for (const text of texts) expect(placesOf(text, linear), `${regexp}`).toEqual(placesOf(text, regexp));
      }),
      { numRuns: RUNS },
    );
    setFlagsFromString('--regexp-backtracks-before-fallback=50000');
    expect(forms).toBeGreaterThan(RUNS / 10);
  });

  it.each([
    ['(a+)+$', 'u'],
    ['(a+)+$', 'iu'],
    ['(?:.*a)*x', 'su'],
    ['(?:\\w+\\s?)*$(?:x|y)', 'u'],
    ['([^"]+)+"', 'u'],
    ['(?:a|aa|[Aa])+\\b😀', 'u'],
  ])('of %s with the flags %s does not take exponential time', (source, flags) => {
    const linear = linearOf(new RegExp(source, flags))!;
    const started = performance.now();
    expect(linear.test(`${'a'.repeat(5000)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it.each(['(a)\\1', 'a(?=b)', '(?<!a)b', '\\p{L}+', 'a\\B', 'a*', '(?:)', '(a*)+b', '(?:\\b|a)*b'])(
    'of %s is not known',
    (source) => {
      expect(linearOf(new RegExp(source, 'u'))).toBeUndefined();
    },
  );

  it('does not exist for other flags than i, m, s and u', () => {
    expect(linearOf(new RegExp('[a--b]', 'v'))).toBeUndefined();
    expect(linearOf(/\ba/iu)).toBeUndefined();
  });
});

const RUNS = 3000;

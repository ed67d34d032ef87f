import { describe, expect, it } from 'vitest';

import { parsePattern } from '../../src/scan/pattern.ts';
import { Patterns } from '../../src/scan/patterns.ts';
import { TimeLimit } from '../../src/scan/time-limit.ts';

const placed = (...texts: string[]) => texts.map((text, i) => ({ address: BigInt(16 * i), text }));

const endless = `${'a'.repeat(60)}!`;

describe('an expression that backtracks without end', () => {
  it.each(['(a+)+$(?!b)', '(a*)*\\1b', '(?<!b)(a|aa)+$'])(
    '%s is given up, and the others go on',
    async (text) => {
      const given: [string, bigint][] = [];
      const limit = new TimeLimit((pattern, address) => given.push([pattern, address]));
      const list = [await parsePattern(text, { linear: true }), await parsePattern('safe')];
      const patterns = new Patterns(list, 'any', limit);
      const texts = placed('a safe text', endless, 'aaaab', `safe ${endless}`, endless, 'nothing');
      expect(patterns.test(texts)).toEqual([true, false, expect.any(Boolean), true, false, false]);
      expect(given).toEqual([
        [text, 16n],
        [text, 48n],
        [text, 64n],
      ]);
    },
  );

  it('is not tried again on the same string, and counts as one that does not match', async () => {
    let count = 0;
    const limit = new TimeLimit(() => count++);
    const patterns = new Patterns([await parsePattern('(a*)*\\1b', { linear: true })], 'none', limit);
    expect(patterns.test(placed(endless, 'ab'))).toEqual([true, false]);
    expect(patterns.matches(placed(endless, 'xb'))).toEqual([[], undefined]);
    expect(count).toBe(1);
  });

  it('has less time on each string after the first', async () => {
    const times: number[] = [];
    const limit = new TimeLimit((_pattern, _address, milliseconds) => times.push(milliseconds ?? 0));
    const patterns = new Patterns([await parsePattern('(a+)+$(?!b)', { linear: true })], 'any', limit);
    patterns.test(placed(...Array<string>(8).fill(endless)));
    expect(times).toEqual([2000, 1000, 500, 250, 125, 62.5, 50, 50]);
  });

  it('passes errors of other kinds on', () => {
    const limit = new TimeLimit(() => {});
    const look = (): never => {
      throw new Error('of another kind');
    };
    expect(() => limit.each('x', placed('text'), look)).toThrow('of another kind');
  });
});

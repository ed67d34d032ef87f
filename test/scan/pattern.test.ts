import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { conditionFor, type Pattern, parsePattern, patternOf, soleNeedle } from '../../src/scan/pattern.ts';
import { withEnvironment } from '../fixtures/environment.ts';

describe('patterns', () => {
  it('without syntax are literals', async () => {
    expect(await parsePattern('未读 "x"')).toEqual({ kind: 'literal', needle: Buffer.from('未读 "x"') });
    expect(await parsePattern('a\\.b\\/c\\\\')).toEqual({ kind: 'literal', needle: Buffer.from('a.b/c\\') });
  });

  it('with syntax are regular expressions of the flag u', async () => {
    expect(await parsePattern('a.b')).toEqual({ kind: 'regexp', regexp: /a.b/u });
    expect(await parsePattern('ab', { ignoreCase: true })).toMatchObject({ kind: 'regexp', regexp: /ab/iu });
  });

  it('have a condition where one is known', async () => {
    const pattern = await parsePattern('user[_-]?id["\':= ]+\\d{4,}');
    expect(pattern).toMatchObject({ kind: 'regexp', condition: { needles: [{}], isExact: false } });
    expect(soleNeedle(conditionFor(pattern))).toEqual(Buffer.from('user'));
    expect(soleNeedle(conditionFor(await parsePattern('foo.*|bar.*')))).toBeUndefined();
    expect(soleNeedle(conditionFor(await parsePattern('user', { ignoreCase: true })))).toBeUndefined();
    expect(soleNeedle(conditionFor(await parsePattern('user')))).toEqual(Buffer.from('user'));
    expect(conditionFor(undefined)).toBeUndefined();
  });

  it('that ask for a literal alone are literals', async () => {
    expect(await parsePattern('(?:未读){2}')).toEqual({ kind: 'literal', needle: Buffer.from('未读未读') });
    expect(await patternOf(/fo\u{6f}/u)).toEqual({ kind: 'literal', needle: Buffer.from('foo') });
  });

  it('have no condition with MEMSCAN_CONDITIONS=off', async () => {
    await withEnvironment('MEMSCAN_CONDITIONS', 'off', async () => {
      expect(await parsePattern('(?:foo)+')).toEqual({ kind: 'regexp', regexp: /(?:foo)+/u });
      expect(await patternOf(/foo/)).toEqual({ kind: 'regexp', regexp: /foo/u });
    });
  });

  it('match in linear time on request', async () => {
    const pattern = await parsePattern('(a+)+$', { linear: true });
    const started = performance.now();
    expect(pattern?.kind === 'regexp' && pattern.regexp.test(`${'a'.repeat(100_000)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await parsePattern('(a)\\1', { linear: true })).toEqual({ kind: 'regexp', regexp: /(a)\1/u });
  });

  it('are taken literally on request, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
        const exact = await parsePattern(text, { fixed: true });
        expect(exact).toEqual({ kind: 'literal', needle: Buffer.from(text) });
        const folded = await parsePattern(text, { fixed: true, ignoreCase: true });
        expect(matches(folded!, `<${text}>`)).toBe(true);
      }),
    );
  });

  it('that are empty ask for nothing', async () => {
    expect(await parsePattern('')).toBeUndefined();
  });

  it.each([
    ['a(', 3, 'unterminated group'],
    ['[z-a]', 5, 'range out of order'],
    ['ab**', 5, 'nothing to repeat'],
    ['x/y(', 5, 'unterminated group'],
    ['\\q', 2, 'invalid escape'],
  ])('%s is refused at character %d', async (text, position, reason) => {
    const refused = parsePattern(text);
    await expect(refused).rejects.toMatchObject({ code: 'BAD_PATTERN' });
    await expect(refused).rejects.toThrow(`bad pattern at character ${position}: ${reason}`);
  });

  it('of the library keep their flags but for g and y', async () => {
    expect(await patternOf(/a./gi)).toEqual({ kind: 'regexp', regexp: /a./iu });
    expect(await patternOf(/a./y)).toEqual({ kind: 'regexp', regexp: /a./u });
    const sets = new RegExp(String.raw`[\p{L}--[a-z]]`, 'v');
    expect(await patternOf(sets)).toEqual({ kind: 'regexp', regexp: sets });
  });
});

const matches = (pattern: Pattern, text: string): boolean =>
  pattern.kind === 'literal' ? Buffer.from(text).includes(pattern.needle) : pattern.regexp.test(text);

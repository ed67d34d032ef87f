import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parsePattern, patternOf } from '../../src/scan/pattern.ts';

describe('patterns', () => {
  it('without syntax are literals', async () => {
    expect(await parsePattern('未读 "x"')).toEqual({ kind: 'literal', needle: Buffer.from('未读 "x"') });
    expect(await parsePattern('a\\.b\\/c\\\\')).toEqual({ kind: 'literal', needle: Buffer.from('a.b/c\\') });
  });

  it('with syntax are regular expressions of the flag u', async () => {
    expect(await parsePattern('a.b')).toEqual({ kind: 'regexp', regexp: /a.b/u });
    expect(await parsePattern('ab', { ignoreCase: true })).toEqual({ kind: 'regexp', regexp: /ab/iu });
  });

  it('are taken literally on request, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
        const exact = await parsePattern(text, { fixed: true });
        expect(exact).toEqual({ kind: 'literal', needle: Buffer.from(text) });
        const folded = await parsePattern(text, { fixed: true, ignoreCase: true });
        expect(folded?.kind === 'regexp' && folded.regexp.test(`<${text}>`)).toBe(true);
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

  it('of the library keep their flags but for g and y', () => {
    expect(patternOf(/a/gi)).toEqual({ kind: 'regexp', regexp: /a/iu });
    expect(patternOf(/a/y)).toEqual({ kind: 'regexp', regexp: /a/u });
    const sets = new RegExp(String.raw`[\p{L}--[a-z]]`, 'v');
    expect(patternOf(sets)).toEqual({ kind: 'regexp', regexp: sets });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parsePattern, patternOf } from '../../src/scan/pattern.ts';
import { withEnvironment } from '../fixtures/environment.ts';

const exactly = (text: string, ignoreCase = false) => [
  { needles: [{ bytes: Buffer.from(text), ignoreCase }], isExact: true },
];

describe('patterns', () => {
  it('without syntax are literals', async () => {
    expect(await parsePattern('未读 "x"')).toMatchObject({
      isLiteral: true,
      conditions: exactly('未读 "x"'),
    });
    const escaped = await parsePattern('a\\.b\\/c\\\\');
    expect(escaped).toMatchObject({ isLiteral: true, conditions: exactly('a.b/c\\') });
    expect(escaped.regexp.test('a.b/c\\')).toBe(true);
  });

  it('with syntax are regular expressions of the flag u', async () => {
    expect(await parsePattern('a.b')).toMatchObject({ isLiteral: false, regexp: /a.b/u, name: 'a.b' });
    expect(await parsePattern('ab', { ignoreCase: true })).toMatchObject({
      regexp: /ab/iu,
      isLiteral: true,
      conditions: exactly('ab', true),
    });
  });

  it('have conditions where they are known', async () => {
    const pattern = await parsePattern('user[_-]?id["\':= ]+\\d{4,}');
    expect(pattern.conditions).toMatchObject([{ needles: [{ bytes: Buffer.from('user') }], isExact: false }]);
    expect((await parsePattern('.*')).conditions).toEqual([]);
    expect((await patternOf(/fo\u{6f}/u)).conditions).toEqual(exactly('foo'));
  });

  it('that are valid only without the flag u are refused, and other values', async () => {
    await expect(patternOf(/a]/)).rejects.toMatchObject({
      code: 'BAD_PATTERN',
      message: 'bad pattern at character 2: lone quantifier brackets: a]',
    });
    await expect(patternOf(5 as unknown as RegExp)).rejects.toMatchObject({
      code: 'BAD_PATTERN',
      message: 'bad pattern: 5',
    });
  });

  it('have no condition with MEMSCAN_CONDITIONS=off', async () => {
    await withEnvironment('MEMSCAN_CONDITIONS', 'off', async () => {
      expect(await parsePattern('foo')).toMatchObject({ regexp: /foo/u, conditions: [] });
      expect(await patternOf(/(?:foo)+/)).toMatchObject({ regexp: /(?:foo)+/u, conditions: [] });
    });
  });

  it('match in linear time on request', async () => {
    const pattern = await parsePattern('(a+)+$', { linear: true });
    const started = performance.now();
    expect(pattern.regexp.test(`${'a'.repeat(100_000)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(pattern.mayTakeLong).toBe(false);
  });

  it.each([
    ['(a)\\1', false],
    ['(a*)*\\1b', true],
    ['(a+)+$(?!b)', true],
    ['foo(?=bar)', false],
    ['\\p{L}{3}', false],
    ['\\p{L}+', true],
    ['(?:\\p{L}|a){30}', true],
  ])('without a linear form, such as %s, may take long: %j', async (text, mayTakeLong) => {
    expect(await parsePattern(text, { linear: true })).toMatchObject({ mayTakeLong });
  });

  it('are taken literally on request, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
        const exact = await parsePattern(text, { fixed: true });
        expect(exact).toMatchObject({ isLiteral: true, conditions: exactly(text) });
        expect(exact.regexp.test(`<${text}>`)).toBe(true);
        const folded = await parsePattern(text, { fixed: true, ignoreCase: true });
        expect(folded.regexp.test(`<${text}>`)).toBe(true);
      }),
    );
  });

  it.each([
    ['foo', 'a foo', true],
    ['foo', 'foo_', false],
    ['foo', '你foo', false],
    ['foo', '(foo)', true],
    ['foo|foot', 'foot', true],
    ['-foo', 'a -foo', true],
    ['-foo', 'a-foo', false],
    ['\\w', 'é1', false],
  ])('of whole words: %s in %s is %j', async (text, within, expected) => {
    const pattern = await parsePattern(text, { word: true });
    expect(pattern.regexp.test(within)).toBe(expected);
  });

  it('that are empty match everything', async () => {
    expect(await parsePattern('')).toMatchObject({ conditions: [], isLiteral: false });
  });

  it.each([
    ['a(', 3, 'unterminated group'],
    ['[z-a]', 5, 'range out of order'],
    ['ab**', 5, 'nothing to repeat'],
    ['x/y(', 5, 'unterminated group'],
    ['\\q', 2, 'invalid escape'],
  ])('%s is refused at character %d', async (text, position, reason) => {
    for (const word of [false, true]) {
      const refused = parsePattern(text, { word });
      await expect(refused).rejects.toMatchObject({ code: 'BAD_PATTERN' });
      await expect(refused).rejects.toThrow(`bad pattern at character ${position}: ${reason}`);
    }
  });

  it('of the library keep their flags except g and y', async () => {
    expect((await patternOf(/a./gi)).regexp).toEqual(/a./iu);
    expect((await patternOf(/a./y)).regexp).toEqual(/a./u);
    const sets = new RegExp(String.raw`[\p{L}--[a-z]]`, 'v');
    expect((await patternOf(sets)).regexp).toEqual(sets);
  });
});

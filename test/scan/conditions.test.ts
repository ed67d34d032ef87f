import { RegExpParser } from '@eslint-community/regexpp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Condition, conditionOf } from '../../src/scan/conditions.ts';
import { allCasesOf } from '../../src/scan/expression/cases.ts';
import { samples } from '../fixtures/expressions.ts';

/** Whether a text meets a condition, by a plain implementation. */
function meets(text: string, condition: Condition): boolean {
  const bytes = Buffer.from(text);
  if ('run' in condition) {
    const { bytes: wanted, length } = condition.run;
    let row = 0;
    return bytes.some((byte) => (row = wanted.includes(byte) ? row + 1 : 0) >= length);
  }
  const lower = Buffer.from(bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)));
  return condition.needles.some((needle) =>
    (needle.ignoreCase ? lower : bytes).includes(Buffer.from(needle.bytes)),
  );
}

describe('a condition', () => {
  it('is met by every text that matches, and if it is exact by no other', () => {
    let matching = 0;
    fc.assert(
      fc.property(samples, ({ regexp, texts }) => {
        const condition = conditionOf(regexp);
        if (!condition) return;
        for (const text of texts) {
          const isMet = meets(text, condition);
          const isMatch = regexp.test(text);
          if (isMatch) matching++;
          expect(isMet || !isMatch, `${regexp} matches ${text}`).toBe(true);
          expect(isMatch || !(isMet && condition.isExact), `${regexp} does not match ${text}`).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
    expect(matching).toBeGreaterThan(RUNS);
  });

  it.each(
    String.raw`
    user[_-]?id["':= ]+\d{4,}     user
    user[_-]?id                    = userid | user-id | user_id
    (?:user|uid)[_-]?id            = userid | user-id | user_id | uidid | uid-id | uid_id
    (foo|bar)baz                   = foobaz | barbaz
    [Uu]nread                      = Unread | unread
    foo|foobar|baz                 = foo | baz
    foo.*quux                      quux
    foo.*|bar\d+x                 foo | bar
    foo.*|.                        -
    (?:abc){2,}                    abcabc
    (?:abc){2}                     = abcabc
    (?<name>未读|unread)           = 未读 | unread
    (?<q>["'])unread\k<q>         unread
    ^foo\b\.bar$                 foo.bar
    foo(?=bar)                     foobar
    (?<=user=)\d+                 user=
    (?=.*unread)(?=.*quux)id       unread
    (?!unread).(?<!quux)           -
    (?:unread)?                    -
    (?:unread)*x*                  -
    .*|unread                      -
    \p{L}{4}                      -
    [^a]{40}                       -
    the|of                         = the | of
    (?:the|of).                    -
    \d                            = 1 of 0123456789
    \d{16}                        = 16 of 0123456789
    \d{4,}[^\d]                  4 of 0123456789
    \d{3}[^\d]                   -
    \w{4}.                        -
    [0-9a-f]{8}                    = 8 of 0123456789abcdef
    x[0-9a-f]{40}|\d{20}          20 of 0123456789abcdef
    \d{4}-\d\d-\d\d             10 of -0123456789
    (?:\d{1,3}\.){3}\d{1,3}       7 of .0123456789
    [\t\n ]{5}                    = 5 of \t_
    a{5}                           = aaaaa
    \u{1f600}{2}                  = 😀😀
    foo\nbar                      -
    foo\nbar|quux                 = quux
    \ud83d|quux                   = quux
    [一-龥]{2}                     -
    [你您]好                       = 你好 | 您好
  `
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/)),
  )('of %s is %s', (source, expected) => {
    expect(shown(conditionOf(new RegExp(source, 'u')))).toBe(expected);
  });

  it.each([
    ['unread', '= unread/i'],
    ['未读_1', '= 未读_1'],
    ['token', '= token/i | to\u212aen/i'],
    ['straße', '= straße/i | straẞe/i | ſtraße/i | ſtraẞe/i'],
    ['ος', '= ΟΣ | Ος | Οσ | οΣ | ος | οσ'],
    ['[a-f0-9]{32}', '= 32 of 0123456789ABCDEFabcdef'],
    ['[a-z0-9]{32}', '-'],
    ['\\w{32}', '-'],
  ])('of %s in either case is %s', (source, expected) => {
    expect(shown(conditionOf(new RegExp(source, 'iu')))).toBe(expected);
  });

  it('is unknown for syntax that the parser does not support, and for groups nested too deep', () => {
    const nested = new RegExp(`${'('.repeat(3000)}unread${')'.repeat(3000)}`, 'u');
    expect(conditionOf(nested)).toBeUndefined();
    const unknown = { source: '(?<a>', ignoreCase: false, unicodeSets: false } as RegExp;
    expect(() => new RegExpParser().parsePattern(unknown.source)).toThrow(SyntaxError);
    expect(conditionOf(unknown)).toBeUndefined();
  });

  it('of words from a file is those words', () => {
    const words = Array.from({ length: 4000 }, (_, i) => `word-${i + 1000}`);
    const condition = conditionOf(new RegExp(words.join('|'), 'u'));
    expect(condition).toMatchObject({ isExact: true });
    expect(shown(condition)).toBe(`= ${words.join(' | ')}`);
    expect(conditionOf(new RegExp(`${words.join('|')}|${words.join('未|')}`, 'u'))).toBeUndefined();
  });

  it('of an endless count is found in little time', () => {
    const sources = [
      '(?:\\d{99999999}){99999999}',
      '\\n{1000000000}foo',
      '(?:){1000000000}foo',
      `${'(?:'.repeat(60)}.a${'){8}'.repeat(60)}`,
      'ab[cd]'.repeat(2000),
      'abcdefghijklmnop'.repeat(1000),
    ];
    const started = performance.now();
    for (const source of sources) conditionOf({ source, ignoreCase: false, unicodeSets: false } as RegExp);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

const RUNS = 3000;

/** `=` marks an exact condition; `-` means none. */
function shown(condition: Condition | undefined): string {
  if (!condition) return '-';
  const exact = condition.isExact ? '= ' : '';
  if ('run' in condition)
    return `${exact}${condition.run.length} of ${textOf(condition.run.bytes).replace('\t', '\\t').replace(' ', '_')}`;
  return (
    exact +
    condition.needles.map(({ bytes, ignoreCase }) => textOf(bytes) + (ignoreCase ? '/i' : '')).join(' | ')
  );
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('the cases of a letter', () => {
  it('are those that the engine treats as equal', () => {
    const letters = [...'azAZksKS0_éßςΣиİıǅ你😀', '\u0345', '\u1e9e'];
    const all = Array.from({ length: 0x20000 - 0xe000 }, (_, i) => String.fromCodePoint(0xe000 + i)).join('');
    const low = Array.from({ length: 0xd800 }, (_, i) => String.fromCodePoint(i)).join('');
    for (const letter of letters) {
      const same = `${low}${all}`.match(new RegExp(letter, 'giu'))!.map((other) => other.codePointAt(0)!);
      const code = letter.codePointAt(0)!;
      const own = new Set(allCasesOf([code, code]).map(([first]) => first));
      expect([...own].toSorted((a, b) => a - b)).toEqual(same);
    }
  });

  it('beyond the second plane are none', () => {
    for (let first = 0x20000; first < 0x110000; first += 0x1000) {
      const block = String.fromCodePoint(...Array.from({ length: 0x1000 }, (_, i) => first + i));
      expect(block).not.toMatch(/[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countStrings, openTarget, scanStrings } from '../../src/index.ts';
import { parsePattern, patternOf } from '../../src/scan/pattern.ts';
import { type Mode, Patterns } from '../../src/scan/patterns.ts';
import { withEnvironment } from '../fixtures/environment.ts';
import { samples } from '../fixtures/expressions.ts';
import { fileOf, memory, temporaryFolder } from '../fixtures/memory.ts';
import { oracleStrings } from '../fixtures/oracle.ts';
import { type Asked, counted, patternsFor, plainly, printed, STYLE } from '../fixtures/patterns.ts';

const folder = temporaryFolder();

const literal = fc.oneof(
  fc.constantFrom('a', 'text', 'unread', '未读', 'token', 'Ab', 'some', '😀', 'in te', '1234', 'user', 'é'),
  fc.string({ minLength: 1, maxLength: 3 }),
);

const expression = fc.constantFrom(
  'user[_-]?id',
  '[0-9a-f]{6}',
  '\\d{3,}',
  'un(?:read|见)',
  '(?:abc)+',
  '^some',
  '[a-z]+$',
  '(?<=un)read',
  'a|b|c',
  'x*',
  '[一-龥]{2}',
  '\\p{L}+',
);

const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc.record({
    texts: fc.array(literal, { minLength: 1, maxLength: 4 }),
    fixed: fc.constant(true),
    ...options(),
  }),
  fc.record({
    texts: fc.array(fc.oneof(expression, fc.constantFrom('unread', '未读', 'user')), {
      minLength: 1,
      maxLength: 4,
    }),
    fixed: fc.constant(false),
    ...options(),
  }),
);

function options() {
  return {
    ignoreCase: fc.boolean(),
    word: fc.boolean(),
    mode: fc.constantFrom<Mode>('any', 'all', 'none'),
  };
}

const PLANTED = [
  'unread',
  'some text',
  'user_id = 12345',
  '未读未读',
  'deadbeef01',
  'TO\u212aEN',
  'abcabc',
  'Unread!',
];

const planted = fc
  .tuple(memory, fc.array(fc.constantFrom(...PLANTED), { maxLength: 6 }), memory)
  .map(([before, texts, after]) =>
    Buffer.concat([before, ...texts.map((text) => Buffer.from(`some ${text} in text\0`)), after]),
  );

const chunkSize = fc.constantFrom(1, 2, 3, 7, 63, 64, 65, 129, 4096);
const min = fc.integer({ min: 1, max: 12 });

describe('strings that match any, all or none of some patterns', () => {
  it.each(['on', 'off'])('are those of a plain search, with conditions %s', async (conditions) => {
    await withEnvironment('MEMSCAN_CONDITIONS', conditions, () =>
      fc.assert(
        fc.asyncProperty(
          planted,
          asked,
          min,
          chunkSize,
          fc.boolean(),
          async (bytes, asked, min, chunkSize, onlyMatching) => {
            const onlyMatches = onlyMatching && asked.mode !== 'none';
            const path = fileOf(folder, bytes);
            const patterns = await patternsFor(asked);
            const strings = plainly(bytes, min, asked, false);
            const found = await printed(path, { min, chunkSize }, patterns, { onlyMatching: onlyMatches });
            expect(found).toEqual(onlyMatches ? plainly(bytes, min, asked, true) : strings);
            expect(await counted(path, { min, chunkSize }, patterns)).toBe(strings.length);
          },
        ),
        { numRuns: 500 },
      ),
    );
  });

  it('are those of a plain search, with generated expressions', async () => {
    const lists = fc.array(samples, { minLength: 1, maxLength: 3 });
    const mode = fc.constantFrom<Mode>('any', 'all', 'none');
    let found = 0;
    await fc.assert(
      fc.asyncProperty(lists, mode, chunkSize, async (list, mode, chunkSize) => {
        const texts = list.flatMap((sample) => sample.texts);
        const bytes = Buffer.from(texts.map((text) => `${text}\0`).join(''));
        const expected = oracleStrings(bytes, 1, 'utf8').filter(({ text }) => {
          const count = list.filter(({ regexp }) => regexp.test(text)).length;
          return mode === 'none' ? count === 0 : mode === 'all' ? count === list.length : count > 0;
        });
        found += expected.length;
        const path = fileOf(folder, bytes);
        for (const conditions of ['on', 'off']) {
          await withEnvironment('MEMSCAN_CONDITIONS', conditions, async () => {
            const patterns = new Patterns(
              await Promise.all(list.map(({ regexp }) => patternOf(regexp))),
              mode,
            );
            const what = `${conditions}: ${list.map(({ regexp }) => String(regexp)).join(' ')}`;
            expect(await printed(path, { min: 1, chunkSize }, patterns), what).toEqual(expected);
            expect(await counted(path, { min: 1, chunkSize }, patterns), what).toBe(expected.length);
          });
        }
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(500);
  });

  it('show the same part of a long string with conditions and without', async () => {
    await fc.assert(
      fc.asyncProperty(planted, asked, min, async (bytes, asked, min) => {
        const path = fileOf(folder, bytes);
        const run = async () =>
          printed(path, { min }, await patternsFor(asked), { style: { ...STYLE, maxLength: 6 } });
        expect(await run()).toEqual(await withEnvironment('MEMSCAN_CONDITIONS', 'off', run));
      }),
      { numRuns: 300 },
    );
  });

  it('are named by their patterns', async () => {
    const path = fileOf(folder, Buffer.from('foo and bar\0only bar here\0nothing here'));
    const patterns = await patternsFor({
      texts: ['foo', 'bar', 'absent'],
      fixed: true,
      ignoreCase: false,
      word: false,
      mode: 'any',
    });
    const found = await printed(path, {}, patterns, { namesPatterns: true });
    expect(found.map((string) => string.patterns)).toEqual([['foo', 'bar'], ['bar']]);
    const pieces = await printed(path, {}, patterns, { namesPatterns: true, onlyMatching: true });
    expect(pieces.map(({ address, patterns }) => [address, patterns])).toEqual([
      [0, ['foo']],
      [8, ['bar']],
      [17, ['bar']],
    ]);
  });

  it('are the same in the library', async () => {
    const target = await openTarget(
      fileOf(folder, Buffer.from('foo and bar\0only bar here\0nothing http://here/')),
    );
    const texts = async (options: Parameters<typeof scanStrings>[1]): Promise<string[]> => {
      const found: string[] = [];
      for await (const { text } of scanStrings(target, options)) found.push(text);
      expect(await countStrings(target, options)).toBe(found.length);
      return found;
    };
    expect(await texts({ pattern: ['foo', /b[a]r/] })).toEqual(['foo and bar', 'only bar here']);
    expect(await texts({ pattern: ['foo', /b[a]r/], mode: 'all' })).toEqual(['foo and bar']);
    expect(await texts({ pattern: ['foo', 'bar'], mode: 'none' })).toEqual(['nothing http://here/']);
    expect(await texts({ pattern: ['foo'], find: ['url'] })).toEqual(['foo and bar', 'nothing http://here/']);
    expect(await texts({ pattern: [] })).toHaveLength(3);
    await expect(countStrings(target, { find: ['phone' as 'url'] })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: 'unknown pattern: phone',
    });
    target.close();
  });
});

describe('conditions of several patterns', () => {
  const of = async (texts: readonly string[], mode: Mode = 'any', fixed = true): Promise<Patterns> =>
    patternsFor({ texts, fixed, ignoreCase: false, word: false, mode });

  it('are one set of needles, also for a thousand literals', async () => {
    const patterns = await of(Array.from({ length: 1000 }, (_, i) => `word-${i + 1000}`));
    expect(patterns).toMatchObject({ isExact: true, isLiteral: true });
    expect(patterns.conditions).toHaveLength(1);
    expect(patterns.conditions[0]).toMatchObject({ needles: { length: 1000 }, isExact: true });
  });

  it('are needles and runs side by side, each once', async () => {
    const patterns = await of(['[0-9a-f]{32}', 'user_\\d+', '\\d{16}', '[0-9a-f]{32}x'], 'any', false);
    expect(
      patterns.conditions.map((condition) => ('run' in condition ? condition.run.length : 'needles')),
    ).toEqual(['needles', 32, 16]);
  });

  it('are empty if one pattern has none', async () => {
    expect((await of(['unread', '.*'], 'any', false)).conditions).toEqual([]);
    expect((await of(['unread', 'user.*'], 'none', false)).conditions).toEqual([]);
  });

  it('of all are the cheapest ones', async () => {
    const patterns = await of(['the', 'quizzical', '.*'], 'all', false);
    expect(patterns.isExact).toBe(false);
    expect(patterns.conditions).toMatchObject([{ needles: [{ bytes: Buffer.from('quizzical') }] }]);
  });
});

describe('windows of a long string', () => {
  const WINDOWS = ['xx foo xx', 'xx bar xx', 'xx end'];

  async function decided(mode: Mode, ...texts: string[]): Promise<number | undefined> {
    const patterns = new Patterns(await Promise.all(texts.map((text) => parsePattern(text))), mode);
    const test = patterns.windowTest((text) => texts.some((word) => text.includes(word)));
    test(1n, Buffer.from('foo bar, of another string'), true);
    const found = WINDOWS.findIndex((text, i) => test(8n, Buffer.from(text), i === WINDOWS.length - 1));
    return found < 0 ? undefined : found;
  }

  it('are tested together', async () => {
    expect(await decided('any', 'bar', 'quux')).toBe(1);
    expect(await decided('all', 'foo', 'bar')).toBe(1);
    expect(await decided('all', 'end', 'foo')).toBe(2);
    expect(await decided('all', 'foo', 'quux')).toBeUndefined();
    expect(await decided('none', 'quux')).toBe(2);
    expect(await decided('none', 'foo')).toBeUndefined();
  });
});

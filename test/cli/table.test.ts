import fc from 'fast-check';
import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';

import { broken, cut, shortened, tableLines, wrapped } from '../../src/cli/show/table.ts';

describe('a table', () => {
  it('aligns columns by their width on a terminal', () => {
    const lines = tableLines(
      [{ title: 'NAME' }, { title: 'SIZE', right: true }, { title: 'PATH' }],
      [
        ['未读', '1', '/a'],
        ['long name', '12345', '/b'],
      ],
    );
    expect(lines).toEqual(['NAME        SIZE  PATH', '未读           1  /a', 'long name  12345  /b']);
  });

  it('shortens the last column in its middle, so that lines fit', () => {
    const [, line] = tableLines(
      [{ title: 'A' }, { title: 'B' }],
      [['x', '/usr/lib/a/very/long/path/libjvm.so']],
      24,
    );
    expect(line).toBe('x  /usr/l…path/libjvm.so');
  });
});

describe('a shortened text', () => {
  it('has at most the width, and both ends of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 40 }), (text, width) => {
        const short = shortened(text, width);
        expect(stringWidth(short)).toBeLessThanOrEqual(width);
        if (stringWidth(text) <= width) expect(short).toBe(text);
      }),
    );
  });
});

describe('a text that is cut', () => {
  it('has at most the width, and the beginning of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 40 }), (text, width) => {
        const short = cut(text, width);
        expect(stringWidth(short)).toBeLessThanOrEqual(width);
        expect(text.startsWith(short.replace(/…$/, ''))).toBe(true);
        if (stringWidth(text) <= width) expect(short).toBe(text);
      }),
    );
  });
});

describe('a broken line', () => {
  it('goes on behind a comma or semicolon, else behind a space', () => {
    expect(broken('memscan: left out: 46 MiB special, 12 MiB swapped', 40)).toEqual([
      'memscan: left out: 46 MiB special,',
      '  12 MiB swapped',
    ]);
    expect(broken('a line of words alone', 10)).toEqual(['a line of', '  words', '  alone']);
  });

  it('has all words, and fits if no word is longer than it may be', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,30}[,;]?$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 10, max: 60 }), (parts, width) => {
        const line = parts.join(' ');
        const lines = broken(line, width);
        expect(lines.map((part) => part.trim()).join(' ')).toBe(line);
        if (parts.every((part) => part.length <= width - 2))
          for (const part of lines) expect(stringWidth(part)).toBeLessThanOrEqual(width);
        for (const part of wrapped(line, width)) expect(stringWidth(part)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

import fc from 'fast-check';
import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';

import { cut, shortened, tableLines } from '../../src/cli/table.ts';

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

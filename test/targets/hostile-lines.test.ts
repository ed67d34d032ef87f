// Files of /proc with arbitrary content and size.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseMaps } from '../../src/proc/maps.ts';
import { parseMounts, parseStat, parseStatus, parseSyscall, statusBytes } from '../../src/proc/procfs.ts';

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '7f0000000000-7f0000001000',
    'ffffffffffffffff',
    '-',
    ' ',
    '\n',
    '\t',
    '\0',
    ':',
    '(',
    ')',
    ' - ',
  ),
  fc.constantFrom(
    'rw-p',
    '---p',
    '00:00',
    '0',
    '99999999999999999999999',
    '[heap]',
    '/a (deleted)',
    '\u001b[2J',
  ),
);

/** Text like that of /proc, or arbitrary text. */
const anything = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

const MEBI = 1 << 20;

describe('parseMaps', () => {
  it('returns regions in order without overlap for any text', () => {
    let regions = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anything, fc.constant('1000-2000 r--p 0 0:0 0')), { maxLength: 6 }),
        (lines) => {
          let last = 0n;
          for (const { start, end } of parseMaps(lines.join('\n'), () => false)) {
            expect(start >= last && start < end).toBe(true);
            last = end;
            regions++;
          }
        },
      ),
    );
    expect(regions).toBeGreaterThan(0);
  });

  // A pattern that backtracks would take years.
  it.each([' ', 'a', '0', '-', '1000-2000 ', '1000-2000 rw-p 0 0:0 0 ', '\\012'])(
    'reads a line of a mebibyte of %j in one pass',
    (text) => {
      expect(parseMaps(text.repeat(MEBI / text.length), () => false).length).toBeLessThan(2);
    },
  );

  it('reads more lines than a process has regions by default', () => {
    const lines = Array.from(
      { length: 1 << 17 },
      (_, i) => `${(2 * i).toString(16)}000-${(2 * i + 1).toString(16)}000 r--p 0 0:0 0`,
    );
    expect(parseMaps(lines.join('\n'), () => false)).toHaveLength(1 << 17);
  });
});

describe('parseMounts', () => {
  const word = fc.stringMatching(/^[^\s]{1,20}$/).filter((text) => text !== '-');

  const path = word.filter((text) => !text.includes('\\'));

  it('unescapes mount points', () => {
    expect(parseMounts('1 2 0:5 / /mnt/a\\040b\\134c rw - tmpfs none rw\n')[0]!.point).toBe('/mnt/a b\\c');
  });

  it('finds the device, the type and the mount point, whatever the names', () => {
    fc.assert(
      fc.property(word, path, word, fc.array(word, { maxLength: 4 }), (root, mount, type, optional) => {
        const line = ['36 35', '98:0', root, mount, 'rw', ...optional, '-', type, '/dev/root', 'rw'].join(
          ' ',
        );
        expect(parseMounts(`${line}\n${line}\n`)).toEqual([
          { device: '98:0', type, point: mount },
          { device: '98:0', type, point: mount },
        ]);
      }),
    );
  });
});

describe('any text', () => {
  it('gives strings in parseMounts, parseStat and parseStatus, and a number in statusBytes', () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const { device, type } of parseMounts(text))
          expect([typeof device, typeof type]).toEqual(['string', 'string']);
        const { state, startTime } = parseStat(text);
        expect([typeof state, typeof startTime]).toEqual(['string', 'string']);
        const status = parseStatus(text);
        expect(typeof statusBytes(status, ...status.keys())).toBe('number');
      }),
    );
  });

  it('is accepted by parseSyscall if the kernel may write it', () => {
    const hex = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.tuple(hex, hex, hex, hex, hex, hex),
        hex,
        hex,
        (number, args, sp, pc) => {
          const words = [...args, sp, pc].map((value) => `0x${value.toString(16)}`);
          expect(parseSyscall(`${number} ${words.join(' ')}\n`)).toEqual({
            sp,
            pc,
            call: { number: BigInt(number), args },
          });
          expect(parseSyscall(`-1 ${words.slice(-2).join(' ')}\n`)).toEqual({ sp, pc });
        },
      ),
    );
    expect(parseSyscall('running\n')).toBeUndefined();
    expect(parseSyscall('')).toBeUndefined();
  });
});

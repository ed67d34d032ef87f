import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countStrings, type Encoding, openTarget, scanStrings, type StringOptions } from '../../src/index.ts';
import { encodedLength } from '../../src/scan/encodings.ts';
import { ENCODED, iconv, piece } from '../fixtures/encoded-texts.ts';
import { ALL, decodeAt, lengthOf, type MixedString, mixedStrings } from '../fixtures/encodings-oracle.ts';
import { withEnvironment } from '../fixtures/environment.ts';
import { fileOf, memory, seededBytes, temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();

async function scan(bytes: Buffer, options: StringOptions): Promise<MixedString[]> {
  const target = await openTarget(fileOf(folder, bytes));
  try {
    const found: MixedString[] = [];
    for await (const { address, length, text, encoding } of scanStrings(target, options)) {
      found.push({ address: Number(address), length, text, encoding });
    }
    expect(await countStrings(target, options)).toBe(found.length);
    return found;
  } finally {
    target.close();
  }
}

const mixed = fc.oneof(
  { weight: 4, arbitrary: fc.array(piece, { maxLength: 24 }).map((list) => Buffer.concat(list)) },
  { weight: 1, arbitrary: memory },
);

const encodings = fc.oneof(
  fc.subarray([...ALL], { minLength: 1 }),
  fc.constantFrom<Encoding[][]>([...ALL], ['utf8', 'utf16le', 'latin1', 'gb18030'], ['utf16le'], ['gb18030']),
);
const min = fc.oneof(fc.constantFrom(10, 4), fc.integer({ min: 1, max: 20 }));
const chunkSize = fc.constantFrom(1, 2, 3, 5, 7, 64, 129, 300, 1000, 4096);

describe('strings of several encodings', () => {
  it('are those of the definition, however the memory is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(mixed, min, encodings, chunkSize, async (bytes, min, encoding, chunkSize) => {
        const expected = mixedStrings(bytes, min, encoding);
        expect(await scan(bytes, { min, encoding, chunkSize })).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  }, 120_000);

  it('are those that hold a literal or match an expression', async () => {
    const pattern = fc.constantFrom<(string | RegExp)[]>(
      '未读',
      '消息',
      'fox',
      '元',
      'Köln',
      '여러분',
      'ト',
      '😀',
      'a',
      /未读消息|fox|계/u,
      /QUICK/iu,
      /\d{4,}/u,
      /[а-я]{5}/u,
      /^.{12}$/u,
    );
    await fc.assert(
      fc.asyncProperty(
        mixed,
        pattern,
        min,
        encodings,
        chunkSize,
        async (bytes, pattern, min, encoding, chunkSize) => {
          const expected = mixedStrings(bytes, min, encoding).filter(({ text }) =>
            typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text),
          );
          const options = { min, encoding, chunkSize, pattern };
          expect(await scan(bytes, options)).toEqual(expected);
          const tested = await withEnvironment('MEMSCAN_CONDITIONS', 'off', () => scan(bytes, options));
          expect(tested).toEqual(expected);
        },
      ),
      { numRuns: 400 },
    );
  }, 120_000);

  it.each(ENCODED)('of a text in $encoding are whole: $text', async ({ text, encoding, bytes }) => {
    const padded = Buffer.concat([Buffer.alloc(16), bytes, Buffer.alloc(16)]);
    const expected = [{ address: 16, length: bytes.length, text, encoding }];
    expect(await scan(padded, { encoding })).toEqual(expected);
    expect(encodedLength(text, encoding)).toBe(bytes.length);
    const name = /^[\0-\x7f]*$/.test(text) && !encoding.startsWith('utf16') ? 'ascii' : encoding;
    expect(await scan(padded, { encoding: ALL })).toEqual([{ ...expected[0], encoding: name }]);
  });

  it('of UTF-16 may begin at odd addresses', async () => {
    const bytes = iconv('您有新的未读消息，请尽快查收', 'utf16le');
    const padded = Buffer.concat([Buffer.alloc(7), bytes, Buffer.alloc(9)]);
    expect(await scan(padded, { encoding: ALL })).toMatchObject([{ address: 7, encoding: 'utf16le' }]);
  });
});

describe('a text of pairs of surrogates', () => {
  const pairs = (text: string, offset: number): Buffer =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(text, 'utf16le'), Buffer.alloc(64)]);

  it.each([0, 1, 2, 3])('is whole wherever it is cut, %d bytes behind a border', async (offset) => {
    const bytes = pairs('😀é'.repeat(400), offset);
    for (const chunkSize of [1, 2, 3, 64, 129, 300]) {
      const found = await scan(bytes, { encoding: 'utf16le', chunkSize });
      expect(found.map(({ address, length }) => [address, length])).toEqual([[offset, 2400]]);
    }
  });

  it.each([0, 1])(
    'is whole where a literal stands across a pair, %d bytes behind a border',
    async (offset) => {
      const text = 'hallo welt alles gut 😀àlles klar und Ørsted wartet hier'; // 0xd8 0x00 is Ø, and in the pair
      const found = await scan(pairs(text, offset), { encoding: 'utf16le', pattern: 'Ø', min: 4 });
      expect(found.map((string) => string.text)).toEqual([text]);
    },
  );
});

describe('memory that cannot be cut', () => {
  const text = '您有新的未读消息'.repeat(3000);

  it.each([64, 1000, 65_536])('is joined from chunks of %d bytes', async (chunkSize) => {
    const bytes = Buffer.concat([Buffer.alloc(100), iconv(text, 'gb18030'), Buffer.alloc(100)]);
    const found = await scan(bytes, { encoding: ALL, chunkSize });
    expect(found).toEqual([{ address: 100, length: 48_000, text, encoding: 'gb18030' }]);
  });

  it.each([
    ['one lead byte', Buffer.from([0xb0, 0xb0]), 'gb18030'],
    ['spaces of UTF-16', Buffer.from(' ', 'utf16le'), 'utf16le'],
  ] as const)('of MiBs of %s takes little time', async (_, unit, encoding) => {
    const bytes = Buffer.alloc(4 << 20, unit);
    const found = await scan(bytes, { encoding: [encoding, 'latin1'] });
    expect(found).toMatchObject([{ address: 0, length: 4 << 20, encoding }]);
  });
});

describe('the characters that bytes encode', () => {
  it.each(['gb18030', 'big5', 'shift_jis', 'euc-kr', 'latin1'] as const)(
    'in %s is what the platform says',
    async (encoding) => {
      const cells = sequencesOf(encoding).map(cellOf);
      const bytes = Buffer.concat(cells);
      const found = await scan(bytes, { encoding, min: 49 });
      expect(found.map(({ address }) => address / CELL)).toEqual(
        cells.flatMap((cell, index) => (isWhole(cell, encoding) ? [index] : [])),
      );
      for (const { address, text } of found) expect(text).toBe(decodeCell(cells[address / CELL]!, encoding));
    },
    120_000,
  );
});

/** Single bytes that are characters, pairs whose first byte is not, and samples of four-byte sequences. */
function sequencesOf(encoding: Encoding): number[][] {
  const singles = Array.from({ length: 0x80 }, (_, i) => [0x80 + i]);
  const isCharacter = ([byte]: readonly number[]): boolean =>
    decodeAt(Buffer.from([byte!]), 0, encoding) !== undefined;
  const pairs = singles
    .filter((single) => !isCharacter(single))
    .flatMap(([lead]) => Array.from({ length: 0x100 }, (_, trail) => [lead!, trail]));
  const quads = Array.from({ length: encoding === 'gb18030' ? 40_000 : 0 }, (_, i) => {
    const number = i * 39;
    return [
      0x81 + Math.floor(number / 12_600),
      0x30 + (Math.floor(number / 1260) % 10),
      0x81 + (Math.floor(number / 10) % 126),
      0x30 + (number % 10),
    ];
  });
  return [...singles.filter(isCharacter), ...pairs, ...quads];
}

// A word, the bytes, and a word: one string of at least 49 characters if the bytes are text.
const CELL = 64;
const WORD = 'interestinterestinterest'; // two of them are too short
const cellOf = (bytes: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from(WORD), Buffer.from(bytes), Buffer.from(WORD), Buffer.alloc(CELL)], CELL);

function decodeCell(cell: Buffer, encoding: Encoding): string | undefined {
  let text = '';
  for (let at = 0; cell[at] !== 0;) {
    const character = decodeAt(cell, at, encoding);
    if (character === undefined) return undefined;
    text += character;
    at += lengthOf(character, encoding, cell[at]!, cell[at + 1]);
  }
  return text;
}

const isWhole = (cell: Buffer, encoding: Encoding): boolean => decodeCell(cell, encoding) !== undefined;

describe('random bytes', () => {
  it('bring less than 20 strings a GiB that are more than ASCII', async () => {
    const seed = Number(process.env['MEMSCAN_SEED'] ?? Date.now() % 2 ** 31) || 1;
    const target = await openTarget(fileOf(folder, seededBytes(32 << 20, seed)));
    try {
      let more = 0;
      for await (const { text, encoding } of scanStrings(target, {
        encoding: ALL.filter((name) => name !== 'utf8'),
      }))
        if (encoding.startsWith('utf16') || !/^[\t -~]*$/.test(text)) more++;
      // 20 per GiB for each of seven encodings is 4.4 in 32 MiB.
      expect(more, `seed ${seed}`).toBeLessThan(16);
    } finally {
      target.close();
    }
  }, 120_000);
});

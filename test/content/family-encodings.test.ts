import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodeSnapshot, readSnapshot } from '../../src/content/snapshot-file.ts';
import { takeSnapshot } from '../../src/content/snapshot.ts';
import {
  type Encoding,
  type Family,
  openTarget,
  shapeText,
  type TopContent,
  topFamilies,
  type TopOptions,
} from '../../src/index.ts';
import { ENCODED, iconv, piece } from '../fixtures/encoded-texts.ts';
import { ALL, type MixedString, mixedStrings } from '../fixtures/encodings-oracle.ts';
import { withEnvironment } from '../fixtures/environment.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();
const MIB = 1 << 20;

async function topOf(path: string, options: TopOptions): Promise<TopContent> {
  const target = await openTarget(path);
  try {
    return await topFamilies(target, options);
  } finally {
    target.close();
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The encoding that a family reports. */
const encodingOf = ({ text, encoding }: MixedString): Encoding =>
  /^[\t -~]*$/.test(text) && !encoding.startsWith('utf16') ? 'ascii' : encoding;

const encodingsOf = (families: readonly Family[]): Set<Encoding> =>
  new Set(families.flatMap(({ encodings }) => encodings));

const mixes = fc.oneof(
  fc.subarray([...ALL], { minLength: 1 }),
  fc.constantFrom<Encoding[][]>([...ALL], ['utf8', 'utf16le'], ['utf16le'], ['gb18030', 'utf16be']),
);

describe('families of several encodings', () => {
  it('have all strings there are, their bytes and their encodings', async () => {
    const memory = fc.array(piece, { maxLength: 24 }).map((list) => Buffer.concat(list));
    await fc.assert(
      fc.asyncProperty(memory, mixes, fc.integer({ min: 4, max: 12 }), async (bytes, encoding, min) => {
        const strings = mixedStrings(bytes, min, encoding);
        const { text, families } = await topOf(fileOf(folder, bytes), { encoding, min });
        const all = { strings: strings.length, bytes: sum(strings.map(({ length }) => length)) };
        expect(text).toEqual(all);
        expect(sum(families.map(({ strings }) => strings))).toBe(all.strings);
        expect(sum(families.map(({ bytes }) => bytes))).toBe(all.bytes);
        expect(encodingsOf(families)).toEqual(new Set(strings.map(encodingOf)));
        for (const { address, length, encoding, text } of families.flatMap(({ samples }) => samples)) {
          const string = strings.find((one) => BigInt(one.address) === address)!;
          expect(string.length).toBe(length);
          expect(string.text.startsWith(text)).toBe(true);
          const name = encodingOf(string);
          expect(encoding).toBe(name === 'ascii' || name === 'utf8' ? undefined : name);
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('are the same for any chunk size and number of jobs', async () => {
    const words = fc.array(fc.constantFrom(...ENCODED), { minLength: 1, maxLength: 4 });
    const chunkSize = fc.constantFrom(4096, 12_288, 65_536, 3 * MIB, 16 * MIB);
    await fc.assert(
      fc.asyncProperty(words, fc.nat(8000), chunkSize, fc.nat(7), async (words, after, chunkSize, jobs) => {
        const path = fileOf(folder, aroundGranules(words, after));
        const encoding = ['utf8', 'utf16le', 'gb18030'] as const;
        const whole = await topOf(path, { encoding });
        expect(await topOf(path, { encoding, chunkSize, jobs: jobs + 1 })).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it('are one for one shape in several encodings', async () => {
    const encodings = ['utf8', 'utf16le', 'utf16be', 'gb18030'] as const;
    const texts = Array.from(
      { length: 400 },
      (_, i) => `{"channel":"websocket","userId":${i},"text":"您有新的未读消息，请尽快查收"}`,
    );
    const parts = texts.map((text, i) => iconvOf(text, encodings[i % 4]!));
    const path = fileOf(folder, Buffer.concat(parts.flatMap((part) => [part, Buffer.alloc(9)])));
    const { families } = await topOf(path, { encoding: encodings });
    expect(families.map(({ shape }) => shapeText(shape))).toEqual([
      '{"channel":"websocket","userId":<n>,"text":"您有新的未读消息，请尽快查收"}',
    ]);
    expect(families[0]).toMatchObject({
      strings: 400,
      bytes: sum(parts.map(({ length }) => length)),
      encodings,
    });
    expect(families[0]!.distinct).toBeGreaterThan(350);
  });

  it('count a value once, however it is encoded, and show its first occurrence', async () => {
    const text = 'Größenänderung der Straße nach Köln geplant';
    const parts = (['utf16le', 'utf8', 'latin1'] as const).map((encoding) => iconvOf(text, encoding));
    const path = fileOf(
      folder,
      Buffer.concat([Buffer.alloc(8), ...parts.flatMap((part) => [part, Buffer.alloc(9)])]),
    );
    const { families } = await topOf(path, { encoding: ALL });
    expect(families).toMatchObject([{ strings: 3, distinct: 1, encodings: ['utf8', 'utf16le', 'latin1'] }]);
    expect(families[0]!.samples).toEqual([
      { address: 8n, length: parts[0]!.length, encoding: 'utf16le', text },
    ]);
  });

  it('are kept in snapshots, which name the encodings', async () => {
    const texts = Array.from({ length: 50 }, (_, i) =>
      Buffer.from(`{"用户":${i},"消息":"您有新的"}\0`, 'utf16le'),
    );
    const target = await openTarget(fileOf(folder, Buffer.concat(texts)));
    const snapshot = await takeSnapshot(target, { encoding: ['utf16le', 'utf8'] });
    target.close();
    const path = fileOf(folder, encodeSnapshot(snapshot));
    expect(await readSnapshot(path)).toEqual(snapshot);
    expect(snapshot.scan).toBe('--min 10 --encoding utf8,utf16le');
    expect(snapshot.families).toMatchObject([{ shape: '{"用户":<n>,"消息":"您有新的"}', strings: 50 }]);
  });

  it('of strings that match are those of a pattern, natively or not', async () => {
    const texts = Array.from({ length: 2000 }, (_, i) => `{"id":${i},"名字":"n${i}"} 消息`);
    const parts = texts.flatMap((text, i) => [
      iconvOf(i % 2 ? text : `plain text of ${i}`, i % 4 === 1 ? 'utf16le' : 'utf8'),
      Buffer.alloc(3),
    ]);
    const path = fileOf(folder, Buffer.concat(parts));
    const encoding = ['utf8', 'utf16le'] as const;
    for (const pattern of ['"名字"', /"名字":"n\d+/u, /"ID"/iu]) {
      const found = await topOf(path, { encoding, pattern });
      expect(found.text.strings).toBe(1000);
      expect(found.families).toMatchObject([{ strings: 1000, encodings: ['utf8', 'utf16le'] }]);
      const tested = await withEnvironment('MEMSCAN_CONDITIONS', 'off', () =>
        topOf(path, { encoding, pattern }),
      );
      expect(tested).toEqual(found);
    }
  });
});

const encoded = new Map<string, Buffer>();

/** Node can encode these. */
function iconvOf(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf8' || encoding === 'utf16le' || encoding === 'latin1')
    return Buffer.from(text, encoding);
  if (encoding === 'utf16be') return Buffer.from(text, 'utf16le').swap16();
  const key = `${encoding} ${text}`;
  if (!encoded.has(key)) encoded.set(key, iconv(text, encoding));
  return encoded.get(key)!;
}

/** More shapes than a granule keeps, around the edge of two granules, each large enough to be reported. */
function aroundGranules(words: readonly { readonly bytes: Buffer }[], after: number): Buffer {
  const shapes = Array.from({ length: 3000 }, (_, i) => {
    const letters = [...i.toString(26)]
      .map((digit) => String.fromCharCode(97 + parseInt(digit, 26)))
      .join('');
    const text = Buffer.from(`{"${letters}":"the value of ${letters}"}`, i % 3 ? 'utf8' : 'utf16le');
    return Buffer.concat([text, words[i % words.length]!.bytes, Buffer.alloc(i % 5)]);
  });
  return Buffer.concat([Buffer.alloc(4 * MIB - 100_000 - after), ...shapes]);
}

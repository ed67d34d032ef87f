import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Encoding } from '../../src/base/encodings.ts';
import { openTarget } from '../../src/index.ts';
import { addon } from '../../src/native/addon.ts';
import type { Condition, Needle } from '../../src/native/strings.ts';
import { type Chunk, chunksOf } from '../../src/scan/chunks.ts';
import { Stitcher } from '../../src/scan/join-texts.ts';
import { KERNELS } from '../fixtures/environment.ts';
import { fileOf, memory, temporaryFolder } from '../fixtures/memory.ts';
import { type OracleString, oracleStrings } from '../fixtures/oracle.ts';

const folder = temporaryFolder();

/** The definition. */
function isMet(condition: Condition, text: Buffer): boolean {
  if ('needles' in condition) return condition.needles.some((needle) => isIn(needle, text));
  let row = 0;
  return text.some((byte) => {
    row = condition.run.bytes.includes(byte) ? row + 1 : 0;
    return row >= condition.run.length;
  });
}

const isIn = ({ bytes, ignoreCase }: Needle, text: Buffer): boolean =>
  ignoreCase ? lowerCase(text).includes(lowerCase(bytes)) : text.includes(Buffer.from(bytes));

const lowerCase = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)));

const isWanted = (conditions: readonly Condition[], text: Buffer, unmet: boolean): boolean =>
  conditions.some((condition) => isMet(condition, text)) !== unmet;

interface Cut {
  readonly unmet: boolean;
  readonly kernel: string;
  readonly min: number;
  readonly encoding: Encoding;
  readonly chunkSize: number;
}

async function scan(bytes: Buffer, conditions: readonly Condition[], cut: Cut): Promise<OracleString[]> {
  const { kernel, min, encoding, chunkSize, unmet } = cut;
  const target = await openTarget(fileOf(folder, bytes));
  const native = new addon.Scan({
    kernel,
    encodings: [encoding === 'ascii' ? 0 : 1],
    minLength: min,
    conditions,
    unmet,
    output: 'records',
  });
  const wants = (text: Buffer): boolean => isWanted(conditions, text, unmet);
  const stitcher = new Stitcher({ minLength: min, keep: 1 << 25, overlap: 1 << 20, wants });
  const chunks: Chunk[] = [];
  for await (const chunk of chunksOf(wholeOf(bytes), chunkSize)) chunks.push(chunk);
  const found: OracleString[] = [];
  const add = (address: bigint, text: Buffer): void =>
    void found.push({ address: Number(address), length: text.length, text: text.toString() });
  const results = await native.run(
    target.source,
    BigUint64Array.from(chunks.flatMap(({ ranges }) => ranges.flatMap(({ start, end }) => [start, end]))),
    Uint32Array.from(chunks.flatMap(({ ranges, before, after }) => [ranges.length, before, after])),
    Number.MAX_SAFE_INTEGER,
  );
  for (const result of results) {
    const stitched = stitcher.push(result);
    if (stitched) add(stitched.address, stitched.text);
    const { addresses, lengths, text } = result.records!;
    let offset = 0;
    for (const [i, length] of lengths.entries()) {
      add(addresses[i]!, text.subarray(offset, (offset += length)));
    }
  }
  const last = stitcher.finish();
  if (last) add(last.address, last.text);
  target.close();
  return found;
}

async function* wholeOf(bytes: Buffer) {
  yield bytes.length > 0 ? [{ start: 0n, end: BigInt(bytes.length) }] : [];
}

const bytesOf = (text: string): Buffer => Buffer.from(text);

const needleBytes = fc.oneof(
  fc.constantFrom('a', 'ab', 'Ab', '你', '未读', '😀', 'e\u0301', 'text', ' in ').map(bytesOf),
  fc.string({ minLength: 1, maxLength: 6 }).map(bytesOf),
  // Parts of characters, and bytes that are not text.
  fc
    .constantFrom([0xbd, 0xa0], [0xa0], [0xe4], [0x9f, 0x98, 0x80, 0x61], [0x61, 0], [0])
    .map((bytes) => Buffer.from(bytes)),
);

const needle = fc.record({ bytes: needleBytes, ignoreCase: fc.boolean() });

const run = fc.record({
  bytes: fc.constantFrom('0123456789', 'abcdefghijklmnopqrstuvwxyz', ' \t', '!"#$%&/()=?').map(bytesOf),
  length: fc.integer({ min: 1, max: 5 }),
});

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ needles: fc.array(needle, { minLength: 1, maxLength: 3 }) }),
  fc.record({ needles: fc.array(needle, { minLength: 4, maxLength: 150, size: 'max' }) }),
  fc.record({ run }),
);

const conditions = fc.array(condition, { minLength: 1, maxLength: 4 });

const exampleOf = (condition: Condition): Buffer =>
  'needles' in condition ? Buffer.from(condition.needles[0]!.bytes) : bytesOf('0123456789');

const cut = {
  unmet: fc.boolean(),
  min: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(65)),
  encoding: fc.constantFrom<Encoding>('ascii', 'utf8'),
  chunkSize: fc.constantFrom(1, 2, 3, 5, 7, 62, 63, 64, 65, 66, 127, 128, 129, 4096),
};

describe.each(KERNELS)('strings found by the %s kernel', (kernel) => {
  it('are those that meet a condition, or none, however the memory is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(memory, conditions, fc.record(cut), async (bytes, conditions, cut) => {
        const examples = conditions.flatMap((condition) => [
          bytesOf('some '),
          exampleOf(condition),
          bytesOf('\0'),
        ]);
        const planted = Buffer.concat([bytes, ...examples, bytesOf(' in text'), bytes]);
        const expected = oracleStrings(planted, cut.min, cut.encoding).filter(({ text }) =>
          isWanted(conditions, bytesOf(text), cut.unmet),
        );
        expect(await scan(planted, conditions, { ...cut, kernel })).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a condition', () => {
  const scanFor = (condition: Condition) => () =>
    new addon.Scan({
      kernel: KERNELS[0]!,
      encodings: [1],
      minLength: 1,
      conditions: [condition],
      unmet: false,
      output: 'count',
    });

  it('that asks for nothing is refused', () => {
    expect(scanFor({ needles: [] })).toThrow('a condition has needles');
    expect(scanFor({ needles: [{ bytes: Buffer.alloc(0), ignoreCase: false }] })).toThrow(
      'a needle has bytes',
    );
    expect(scanFor({ run: { bytes: bytesOf('a'), length: 0 } })).toThrow('a class run');
  });

  it.each(['\n', '\x7f', '\0', 'é'])('of a class with %j, which is no ASCII text, is refused', (text) => {
    expect(scanFor({ run: { bytes: bytesOf(`a${text}`), length: 2 } })).toThrow(
      'a class run is of ASCII text',
    );
  });
});

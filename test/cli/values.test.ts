// What users write as options' values: taken, or refused with an advice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MemscanError } from '../../src/base/errors.ts';
import { parseRate, parseShare } from '../../src/cli/options/bounds.ts';
import {
  parseDuration,
  parseEncodings,
  parseKinds,
  parsePointedTo,
  parseRanges,
  parseSize,
  wholeNumber,
} from '../../src/cli/options/values.ts';
import { parseBytes } from '../../src/scan/byte-pattern.ts';

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('0', '7', '9'.repeat(20), '1'.repeat(400), '.', '-', '0x', 'f'.repeat(16), '?', ' ', ','),
  fc.constantFrom('K', 'G', 'T', 'iB', 's', 'h', '%', 'utf8', 'all', 'heap', '1f', 'e308'),
);
const anything = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));

const isSize = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const areRanges = (ranges: readonly { start: bigint; end: bigint }[]): boolean =>
  ranges.every(({ start, end }) => start >= 0n && start < end && end < 2n ** 64n);

describe('of anything at all', () => {
  it.each<[string, string, (text: string) => boolean]>([
    ['a size is bytes', '64K', (text) => isSize(parseSize(text, '--larger'))],
    [
      'a duration is milliseconds that a timer takes',
      '5s',
      (text) => parseDuration(text, '--after') < 2 ** 31,
    ],
    ['a number is in its bounds', '7', (text) => wholeNumber(text, '--limit', 3, 70) <= 70],
    ['ranges have their start below their end', '10-20', (text) => areRanges(parseRanges([text]))],
    ['what is pointed to does, too', '0x10-0x20', (text) => areRanges([parsePointedTo(text)])],
    ['kinds are known', 'heap', (text) => parseKinds([text]).length > 0],
    ['encodings are known', 'utf8', (text) => parseEncodings(text).length > 0],
    ['a rate is bytes', '8M', (text) => isSize(parseRate(text, '--max-rate'))],
    [
      'a share is finite',
      '50%',
      (text) => parseShare(text, '--max-cpu') > 0 && Number.isFinite(parseShare(text, '--max-cpu')),
    ],
    ['bytes are known in pairs', '1f 8b', (text) => isPair(parseBytes(text))],
  ])('%s, or refused; %s is taken', (_, good, holds) => {
    expect(holds(good)).toBe(true);
    fc.assert(
      fc.property(anything, (text) => {
        try {
          expect(holds(text)).toBe(true);
        } catch (error) {
          if (!(error instanceof MemscanError)) throw error;
          expect(error.advice).not.toBe('');
        }
      }),
    );
  });
});

const isPair = ({ bytes, loose }: { bytes: Uint8Array; loose: Uint8Array }): boolean =>
  bytes.length > 0 && bytes.length <= 256 && loose.length === bytes.length;

import { MemscanError } from '../base/errors.ts';
import type { BytePattern } from '../native/hits.ts';

/** The longest pattern, in bytes. */
const LONGEST_BYTES = 256;

/**
 * Parses bytes in hexadecimal, two digits each, with or without spaces between them. A `?` matches any digit: `1f8b ??
 * 4?`. At least one digit must be known. Throws BAD_PATTERN.
 */
export function parseBytes(text: string): BytePattern {
  if (typeof text !== 'string') throw badBytes(String(text), 'it is not a string');
  const words = text.trim().split(/\s+/);
  const wrong = words.find((word) => !/^(?:[0-9a-f?]{2})+$/i.test(word));
  if (wrong !== undefined) {
    throw badBytes(
      text,
      wrong === '' ? 'it is empty' : `expected pairs of hexadecimal digits or ?, found: ${wrong}`,
    );
  }
  const digits = words.join('');
  if (digits.length > 2 * LONGEST_BYTES) throw badBytes(text, `it has more than ${LONGEST_BYTES} bytes`);
  if (/^\?+$/.test(digits)) throw badBytes(text, 'it matches anything: at least one digit must be known');
  return {
    bytes: Buffer.from(digits.replaceAll('?', '0'), 'hex'),
    loose: Buffer.from(
      digits.replace(/./g, (digit) => (digit === '?' ? 'f' : '0')),
      'hex',
    ),
  };
}

const badBytes = (text: string, why: string): MemscanError =>
  new MemscanError(
    'BAD_PATTERN',
    `bad pattern of bytes: ${text.length > 80 ? `${text.slice(0, 80)}…` : text}: ${why}`,
    `give 1 to ${LONGEST_BYTES} bytes in hexadecimal, ? for any digit, at least one digit known: 1f 8b ?? 4?`,
  );

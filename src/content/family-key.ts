import { addon } from '../native/addon.ts';
import { KEY_BYTES } from '../native/constants.ts';

/** Control characters are no text. */
const ANY = '\x01';

/** Hexadecimal digits: what a family has wherever and whenever it is met, worked out from any of its strings. */
export const KEY_DIGITS = 16;

/** The key of the family that a string is of, by its first 128 bytes at least, or all. */
export function familyKey(text: string): string {
  const beginning = Buffer.from(shapeBytes(Buffer.from(text)), 'latin1').subarray(0, KEY_BYTES);
  // Imported above, it would take 2.5 ms of each command's start.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(beginning).digest('hex').slice(0, KEY_DIGITS);
}

/** A character a byte: parts may end within a character of UTF-8. */
function shapeBytes(text: Buffer): string {
  const numbers = addon.shapeOf(text);
  let shape = '';
  for (let i = 0, begin = 0; i < numbers.length; i += 2) {
    const end = numbers[i + 1]!;
    shape += numbers[i] === 0 ? text.toString('latin1', begin, end).replace(/ +/g, ' ') : ANY;
    begin = end;
  }
  return shape;
}

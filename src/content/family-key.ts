import { addon } from '../native/addon.ts';
import { KEY_BYTES } from '../native/constants.ts';

/** Stands for a placeholder: strings hold no control characters. */
const ANY = '\x01';

/** Length of a key, in hexadecimal digits. Any string of a family gives the same key, in any process at any time. */
export const KEY_DIGITS = 16;

/** Returns the key of a string's family. `text` needs only the first 128 bytes of the string. */
export function familyKey(text: string): string {
  const beginning = Buffer.from(shapeBytes(Buffer.from(text)), 'latin1').subarray(0, KEY_BYTES);
  // An import at the top would add 2.5 ms to the start of every command.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(beginning).digest('hex').slice(0, KEY_DIGITS);
}

/** One character for each byte, since parts may end within a character of UTF-8. */
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

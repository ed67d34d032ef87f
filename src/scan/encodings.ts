import type { Encoding } from '../native.ts';

/** Bytes that a text takes in memory: it is one that was read in this encoding. */
export function encodedLength(text: string, encoding: Encoding): number {
  switch (encoding) {
    case 'ascii':
      return text.length;
    case 'utf8':
      return Buffer.byteLength(text);
  }
}

import type { Encoding } from '../native.ts';

/** Bytes that a text takes in memory: it is one that was read in this encoding. */
export const encodedLength = (text: string, encoding: Encoding): number =>
  encoding === 'ascii' ? text.length : Buffer.byteLength(text);

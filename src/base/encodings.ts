/**
 * The encodings memscan finds text in. In ASCII, text is TAB and 0x20 to 0x7e; the other encodings add every assigned
 * printable character that they can represent. The order decides ties: where a string scores equally in two encodings,
 * the first wins. See native/text/text.h.
 */
export const ENCODINGS = [
  'ascii',
  'utf8',
  'utf16le',
  'utf16be',
  'latin1',
  'gb18030',
  'big5',
  'shift_jis',
  'euc-kr',
] as const;

export type Encoding = (typeof ENCODINGS)[number];

/**
 * Whether bytes in this encoding identify themselves as text. In the other encodings nearly any bytes are characters.
 */
export const isPlain = (encoding: Encoding): boolean => encoding === 'ascii' || encoding === 'utf8';

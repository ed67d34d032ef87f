/**
 * What memscan takes for text: in ASCII TAB and 0x20 to 0x7e, in the others also every assigned printable character that
 * they have. In this order the first is taken where strings have as much for them; see native/text/text.h.
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

/** Whether it is as good as said wherever its bytes stand: in the others nearly any bytes are characters. */
export const isPlain = (encoding: Encoding): boolean => encoding === 'ascii' || encoding === 'utf8';

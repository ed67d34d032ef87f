import { type Encoding, ENCODINGS } from '../base/encodings.ts';
import { MemscanError } from '../base/errors.ts';

/** Returns the requested encodings in the order of ENCODINGS, without duplicates. Default `utf8`. Throws BAD_OPTION. */
export function encodingsOf(asked: Encoding | readonly Encoding[] = 'utf8'): readonly Encoding[] {
  const list = [asked].flat();
  const unknown = list.filter((name) => !ENCODINGS.includes(name));
  if (unknown.length > 0 || list.length === 0) {
    throw new MemscanError(
      'BAD_OPTION',
      list.join('') === '' ? 'no encoding given' : `unknown encoding: ${unknown[0]}`,
      `one or more of: ${ENCODINGS.join(', ')}`,
    );
  }
  return ENCODINGS.filter((name) => list.includes(name));
}

/**
 * The length of a text in an encoding that can represent it, in bytes. For the few characters with two forms in GB
 * 18030 it counts the shorter one.
 */
export const encodedLength = (text: string, encoding: Encoding): number => LENGTHS[encoding](text);

/** The length of a text as the addon returns it, in bytes: ASCII stays as found, all else is UTF-8. */
export const textLength = (text: string, encoding: Encoding): number =>
  encoding === 'ascii' ? text.length : Buffer.byteLength(text);

const inUnits = (text: string): number => 2 * text.length;
const inPairs = (text: string): number => sumOf(text, (character) => (isAscii(character) ? 1 : 2));

const LENGTHS: Readonly<Record<Encoding, (text: string) => number>> = {
  ascii: (text) => text.length,
  utf8: (text) => Buffer.byteLength(text),
  utf16le: inUnits,
  utf16be: inUnits,
  latin1: (text) => text.length,
  gb18030: (text) => sumOf(text, bytesInGb18030),
  big5: inPairs,
  shift_jis: (text) => sumOf(text, bytesInShiftJis),
  'euc-kr': inPairs,
};

function sumOf(text: string, bytes: (character: string) => number): number {
  let sum = 0;
  for (const character of text) sum += bytes(character);
  return sum;
}

const isAscii = (character: string): boolean => character <= '\x7f';

const isHalfwidthKatakana = (character: string): boolean => character >= '\uff61' && character <= '\uff9f';

const bytesInShiftJis = (character: string): number =>
  isAscii(character) || isHalfwidthKatakana(character) ? 1 : 2;

const bytesInGb18030 = (character: string): number => {
  if (isAscii(character)) return 1;
  return pairsOfGb18030().has(character) ? 2 : 4;
};

let pairs: ReadonlySet<string> | undefined;

/** The characters that take two bytes in GB 18030; all others beyond ASCII take four. */
function pairsOfGb18030(): ReadonlySet<string> {
  if (pairs) return pairs;
  const decoder = new TextDecoder('gb18030');
  const bytes: number[] = [];
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) bytes.push(lead, trail);
  }
  pairs = new Set(decoder.decode(Uint8Array.from(bytes)));
  return pairs;
}

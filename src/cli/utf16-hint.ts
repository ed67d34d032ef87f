import { isPlain } from '../base/encodings.ts';
import { MemscanError } from '../base/errors.ts';
import { utf16Share } from '../content/utf16.ts';
import { encodingsOf } from '../scan/encodings.ts';
import type { ScanOptions } from '../scan/scan.ts';
import type { Target } from '../targets/target.ts';

/** Of the memory; with less it is hardly what fills it. */
const MUCH = 0.05;

/** What to tell where much of the memory is text that was not looked for: a line, or nothing. */
export async function utf16Hint(target: Target, options: ScanOptions): Promise<string> {
  if (!encodingsOf(options.encoding).every(isPlain)) return '';
  try {
    const share = await utf16Share(target, options);
    if (share < MUCH) return '';
    return `memscan: about ${(100 * share).toFixed(0)} % of the memory is text in UTF-16, which is in no family here: see --encoding utf8,utf16le\n`;
  } catch (error) {
    // What was found stands; the target may have ended since.
    if (error instanceof MemscanError) return '';
    throw error;
  }
}

import { isPlain } from '../../base/encodings.ts';
import { MemscanError } from '../../base/errors.ts';
import { utf16Share } from '../../content/utf16.ts';
import { encodingsOf } from '../../scan/encodings.ts';
import type { ScanOptions } from '../../scan/scan.ts';
import type { Target } from '../../targets/target.ts';

/** The part of the memory that makes UTF-16 worth a hint. */
const MUCH = 0.05;

/** A line for stderr where much of the memory is UTF-16 text, which was not searched for; else empty. */
export async function utf16Hint(target: Target, options: ScanOptions): Promise<string> {
  if (!encodingsOf(options.encoding).every(isPlain)) return '';
  try {
    const share = await utf16Share(target, options);
    if (share < MUCH) return '';
    return `memscan: about ${(100 * share).toFixed(0)} % of the memory is text in UTF-16, which is in no family here: see --encoding utf8,utf16le\n`;
  } catch (error) {
    // The hint is not worth an error: the target may have ended since it was scanned.
    if (error instanceof MemscanError) return '';
    throw error;
  }
}

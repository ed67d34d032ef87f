import { ENCODINGS } from '../base/encodings.ts';
import { noCoverage } from '../memory/coverage.ts';
import { type Range, sumOf } from '../memory/ranges.ts';
import { type Selection, selectionOf } from '../memory/selection.ts';
import type { Records } from '../native/records.ts';
import { newStats, scanChunks, type ScanOptions } from '../scan/scan.ts';
import type { Target } from '../targets/target.ts';

/** Stretches of the memory that are looked at: so many, each so long at most. */
const STRETCHES = 64;
const LENGTH = 64 << 10;

/**
 * About what part of a target's memory is text in UTF-16LE, 0 to 1, by a look at 4 MiB of it: to look through all of it
 * takes several times as long as to look for UTF-8 alone. Throws as scanStrings() does.
 */
export async function utf16Share(target: Target, options: ScanOptions): Promise<number> {
  const stretches = await stretchesOf(target, selectionOf(options));
  if (stretches.length === 0) return 0;
  const request = { output: 'records', keep: 0, limit: Infinity } as const;
  const stats = newStats();
  const looked = { ...options, ranges: stretches, encoding: ['utf8', 'utf16le'] as const };
  let bytes = 0;
  for await (const batches of scanChunks(target, looked, request, stats)) {
    for (const { records } of batches) bytes += records ? utf16In(records) : 0;
  }
  return bytes / Math.max(1, stats.coverage.scanned);
}

/** At places as far from each other, in the memory that is selected; all of it where it is little. */
async function stretchesOf(target: Target, selection: Selection): Promise<Range[]> {
  const spans: Range[] = [];
  for await (const some of target.spans(selection, noCoverage())) spans.push(...some);
  const step = Math.max(LENGTH, Math.ceil(sumOf(spans) / STRETCHES));
  const stretches: Range[] = [];
  let next = 0; // bytes from the beginning of the span to the next stretch
  for (const { start, end } of spans) {
    const length = Number(end - start);
    for (; next < length; next += step) {
      const begin = start + BigInt(next);
      stretches.push({ start: begin, end: begin + BigInt(Math.min(LENGTH, length - next)) });
    }
    next -= length;
  }
  return stretches;
}

function utf16In({ lengths, encodings }: Records): number {
  const utf16le = ENCODINGS.indexOf('utf16le');
  return lengths.reduce((sum, length, i) => sum + (encodings[i] === utf16le ? length : 0), 0);
}

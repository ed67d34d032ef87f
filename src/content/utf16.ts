import { ENCODINGS } from '../base/encodings.ts';
import { noCoverage } from '../memory/coverage.ts';
import { type Range, sumOf } from '../memory/ranges.ts';
import { type Selection, selectionOf } from '../memory/selection.ts';
import type { Records } from '../native/records.ts';
import { newStats, scanChunks, type ScanOptions } from '../scan/scan.ts';
import type { Target } from '../targets/target.ts';

/** Number of sampled stretches, and the maximum length of each in bytes. */
const STRETCHES = 64;
const LENGTH = 64 << 10;

/**
 * Estimates the share of a target's memory that is UTF-16LE text, 0 to 1, from a sample of 4 MiB: a scan of all memory
 * takes several times as long as a scan for UTF-8 only. Throws as scanStrings() does.
 */
export async function utf16Share(target: Target, options: ScanOptions): Promise<number> {
  const stretches = await stretchesOf(target, selectionOf(options));
  if (stretches.length === 0) return 0;
  const request = { output: 'records', keep: 0, limit: Infinity } as const;
  const stats = newStats();
  const sampled = { ...options, ranges: stretches, encoding: ['utf8', 'utf16le'] as const };
  let bytes = 0;
  for await (const batches of scanChunks(target, sampled, request, stats)) {
    for (const { records } of batches) bytes += records ? utf16In(records) : 0;
  }
  return bytes / Math.max(1, stats.coverage.scanned);
}

/** Evenly spaced stretches of the selected memory; all of it if there is little. */
async function stretchesOf(target: Target, selection: Selection): Promise<Range[]> {
  const spans: Range[] = [];
  for await (const some of target.spans(selection, noCoverage())) for (const span of some) spans.push(span);
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

import { addon, ENCODINGS, type LineStyle, type LineWriter, type Records } from '../native.ts';
import { encodingsOf } from '../scan/encodings.ts';
import type { Pattern } from '../scan/pattern.ts';
import { type Batch, scanChunks, type ScanOptions, type ScanStats, LONGEST_TEXT } from '../scan/scan.ts';
import type { StitchedString } from '../scan/stitch.ts';
import { eachRecord } from '../scan/strings.ts';
import type { Region, Target } from '../target/target.ts';
import { LABEL_BYTES, type Labels, labelsFor } from './labels.ts';
import type { Range } from '../target/ranges.ts';

export interface LineOptions {
  readonly scan: ScanOptions;
  readonly pattern: Pattern | undefined;
  readonly style: LineStyle;
  /** Strings at most; Infinity = all. */
  readonly limit: number;
}

/** The strings of the target as lines, many a buffer, in the order of their addresses, job by job; counted in `stats`. */
export async function* scanLines(
  target: Target,
  options: LineOptions,
  stats: ScanStats,
): AsyncGenerator<readonly Buffer[]> {
  const { pattern, limit } = options;
  const printer = new Printer(target, options);
  // The strings of a regular expression are tested, counted and formatted here; all others where they are found.
  const isRegexp = pattern?.kind === 'regexp';
  const request = {
    output: isRegexp ? 'records' : 'lines',
    pattern,
    lines: printer.writer,
    labels: isRegexp
      ? undefined
      : printer.labels && ((ranges: readonly Range[]) => printer.labels!.within(ranges)),
    lineOverhead: options.style.json
      ? JSON_OVERHEAD + longestLabel(target.regions)
      : TEXT_OVERHEAD + LABEL_BYTES,
    keep: options.style.maxLength > 0 ? 4 * options.style.maxLength + 4 : LONGEST_TEXT,
    limit: isRegexp ? Infinity : limit,
  } as const;
  for await (const batches of scanChunks(target, options.scan, request, stats)) {
    const buffers: Buffer[] = [];
    for (const batch of batches) {
      for (const print of printer.prints(batch)) {
        const { bytes, count } = print(limit - stats.strings);
        buffers.push(bytes);
        stats.strings += count;
      }
    }
    yield buffers;
    if (stats.strings >= limit) return;
  }
}

interface Lines {
  readonly bytes: Buffer;
  readonly count: number;
}

const NO_LINES: Lines = { bytes: Buffer.alloc(0), count: 0 };

/** At most so many of the lines. */
function firstLines({ bytes, count }: Lines, most: number): Lines {
  if (count <= most) return { bytes, count };
  let end = 0;
  for (let i = 0; i < most; i++) end = bytes.indexOf(0x0a, end) + 1;
  return { bytes: bytes.subarray(0, end), count: most };
}

class Printer {
  readonly writer: LineWriter;
  readonly labels: Labels | undefined;
  private readonly everyMatch: RegExp | undefined;
  private readonly encoding: number; // of what is stitched

  constructor(
    target: Target,
    private readonly options: LineOptions,
  ) {
    const { scan, style, pattern } = options;
    this.encoding = ENCODINGS.indexOf(encodingsOf(scan.encoding)[0]!);
    this.writer = new addon.LineWriter(style);
    this.labels = labelsFor(target, style);
    if (pattern?.kind === 'regexp')
      this.everyMatch = new RegExp(pattern.regexp.source, `${pattern.regexp.flags}g`);
  }

  /** What prints the parts of a batch, in order: each at most so many lines. */
  prints({ stitched, strings, lines, records }: Batch): ((most: number) => Lines)[] {
    return [
      (most) => (stitched && most > 0 ? this.stitchedLine(stitched) : NO_LINES),
      (most) => (records ? this.matchingLines(records, most) : NO_LINES),
      (most) => (lines ? firstLines({ bytes: lines, count: strings }, most) : NO_LINES),
    ];
  }

  private stitchedLine({ address, length, text, cutBefore, cutAfter }: StitchedString): Lines {
    const matches = this.everyMatch ? matchesIn(text.toString(), this.everyMatch) : [];
    const pairs = Uint32Array.from(matches);
    const label = this.labels?.at(address);
    return {
      bytes: this.writer.write(address, length, text, cutBefore, cutAfter, pairs, label, this.encoding),
      count: 1,
    };
  }

  private matchingLines(records: Records, most: number): Lines {
    const { pattern } = this.options;
    if (pattern?.kind !== 'regexp' || records.addresses.length === 0) return NO_LINES;
    const chosen: number[] = [];
    const matches: number[] = [];
    for (const { index, length, text } of eachRecord(records)) {
      if (chosen.length >= 3 * most) break;
      if (!pattern.regexp.test(text)) continue;
      const first = matches.length / 2;
      if (this.showsMatches(length))
        for (const offset of matchesIn(text, this.everyMatch!)) matches.push(offset);
      chosen.push(index, first, matches.length / 2);
    }
    const bytes = this.writer.writeRecords(
      records,
      Uint32Array.from(chosen),
      Uint32Array.from(matches),
      this.labels?.within([{ start: records.addresses[0]!, end: records.addresses.at(-1)! + 1n }]),
    );
    return { bytes, count: chosen.length / 3 };
  }

  // Where they are not highlighted, they only say which part of a long string is shown.
  private showsMatches(length: number): boolean {
    const { color, maxLength } = this.options.style;
    return color || (maxLength > 0 && length > maxLength);
  }
}

/** Every match as a pair of byte offsets in the text's UTF-8. */
function matchesIn(text: string, everyMatch: RegExp): number[] {
  const offsets: number[] = [];
  let bytes = 0;
  let unit = 0;
  for (const match of text.matchAll(everyMatch)) {
    const begin = bytes + Buffer.byteLength(text.slice(unit, match.index));
    bytes = begin + Buffer.byteLength(match[0]);
    unit = match.index + match[0].length;
    offsets.push(begin, bytes);
  }
  return offsets;
}

/** What stands in a line beside its text: address, length and names of fields, or two escape sequences. */
const JSON_OVERHEAD = 128;
const TEXT_OVERHEAD = 48;

/** At most: escaped, a character of a pathname takes six bytes. */
const longestLabel = (regions: readonly Region[]): number =>
  regions.reduce((most, { pathname, detail }) => Math.max(most, 6 * (pathname.length + detail.length)), 0);

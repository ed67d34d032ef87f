import { visible, visibleJson } from '../escape.ts';
import { addon, type LineStyle, type LineWriter, type Records, type RegionLabels } from '../native.ts';
import type { Pattern } from '../scan/pattern.ts';
import { type Batch, scanChunks, type ScanOptions, type ScanStats, LONGEST_TEXT } from '../scan/scan.ts';
import type { StitchedString } from '../scan/stitch.ts';
import { eachRecord } from '../scan/strings.ts';
import type { Range, Region, Target } from '../target/target.ts';
import { shortened } from './table.ts';

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
    labels: isRegexp ? undefined : printer.labels,
    lineOverhead: options.style.json
      ? JSON_OVERHEAD + longestLabel(target.regions)
      : TEXT_OVERHEAD + LABEL_WIDTH,
    keep: options.style.maxLength > 0 ? 4 * options.style.maxLength + 4 : LONGEST_TEXT,
    limit: isRegexp ? Infinity : limit,
  } as const;
  for await (const batches of scanChunks(target, options.scan, request, stats)) {
    const buffers: Buffer[] = [];
    for (const { bytes, count } of batches.flatMap((batch) => printer.print(batch))) {
      const taken = Math.min(count, limit - stats.strings);
      buffers.push(taken < count ? firstLines(bytes, taken) : bytes);
      stats.strings += taken;
    }
    yield buffers;
    if (stats.strings >= limit) return;
  }
}

interface Lines {
  readonly bytes: Buffer;
  readonly count: number;
}

function firstLines(bytes: Buffer, count: number): Buffer {
  let end = 0;
  for (let i = 0; i < count; i++) end = bytes.indexOf(0x0a, end) + 1;
  return bytes.subarray(0, end);
}

class Printer {
  readonly writer: LineWriter;
  readonly labels: ((ranges: readonly Range[]) => RegionLabels) | undefined;
  private readonly everyMatch: RegExp | undefined;

  constructor(target: Target, { style, pattern }: LineOptions) {
    this.writer = new addon.LineWriter(style);
    this.labels = labelsFor(target, style);
    if (pattern?.kind === 'regexp')
      this.everyMatch = new RegExp(pattern.regexp.source, `${pattern.regexp.flags}g`);
  }

  print({ stitched, strings, lines, records }: Batch): Lines[] {
    const own = [...(stitched ? [this.stitchedLine(stitched)] : []), ...this.matchingLines(records)];
    const printed = { bytes: Buffer.concat(own), count: own.length };
    return lines ? [printed, { bytes: lines, count: strings }] : [printed];
  }

  private stitchedLine({ address, length, text, cutBefore, cutAfter }: StitchedString): Buffer {
    const matches = this.everyMatch ? matchesIn(text.toString(), this.everyMatch) : [];
    return this.line(address, length, text, cutBefore, cutAfter, matches);
  }

  private *matchingLines(records: Records | undefined): Generator<Buffer> {
    if (!records || !this.everyMatch) return;
    for (const { address, length, offset, text } of eachRecord(records)) {
      const matches = matchesIn(text, this.everyMatch);
      if (matches.length === 0) continue;
      yield this.line(address, length, records.text.subarray(offset, offset + length), false, false, matches);
    }
  }

  private line(
    address: bigint,
    length: number,
    text: Buffer,
    cutBefore: boolean,
    cutAfter: boolean,
    matches: readonly number[],
  ): Buffer {
    const labels = this.labels?.([{ start: address, end: address + 1n }]);
    return this.writer.write(address, length, text, cutBefore, cutAfter, Uint32Array.from(matches), labels);
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

/** In JSON an object for every region; in text its kind and detail, where a target has more than one. */
function labelsFor(target: Target, { json, showAddress }: LineStyle): Printer['labels'] {
  if (json) return labelMaker(target, jsonLabel);
  return showAddress && target.kind !== 'file' ? labelMaker(target, textLabel) : undefined;
}

const jsonLabel = ({ start, kind, detail, pathname }: Region): string =>
  visibleJson({ start: `0x${start.toString(16)}`, kind, ...(detail !== '' && { detail }), pathname });

const LABEL_WIDTH = 28;

const textLabel = ({ kind, detail }: Region): string =>
  shortened(visible(`${kind} ${detail}`.trimEnd()), LABEL_WIDTH).padEnd('java-heap'.length);

/** Makes the label of a region once, when a chunk first touches it. */
function labelMaker(
  target: Target,
  makeLabel: (region: Region) => string,
): (ranges: readonly Range[]) => RegionLabels {
  let made = new Map<string, string>();
  const labelOf = (region: Region): string => {
    const key = `${region.start} ${region.kind}`;
    if (made.size > MOST_LABELS) made = new Map();
    const label = made.get(key) ?? makeLabel(region);
    made.set(key, label);
    return label;
  };
  return (ranges) => {
    const spans = ranges
      .flatMap((range) => target.regionsIn(range))
      .filter(({ region }, i, all) => region !== all[i - 1]?.region);
    return {
      starts: BigUint64Array.from(spans, ({ start }) => start),
      texts: spans.map(({ region }) => labelOf(region)),
    };
  };
}

/** There may be millions of regions, with a long name each. */
const MOST_LABELS = 4096;

import { type Encoding, ENCODINGS } from '../../base/encodings.ts';
import { visibleJson } from '../../base/escape.ts';
import { maskBytes, type SecretPattern } from '../../content/masking.ts';
import type { Cut } from '../../content/secrets-at-cuts.ts';
import { overlaps, type Span } from '../../content/span.ts';
import type { Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import { addon } from '../../native/addon.ts';
import type { LineStyle, LineWriter } from '../../native/lines.ts';
import type { Records } from '../../native/records.ts';
import { encodingsOf } from '../../scan/encodings.ts';
import type { StitchedString } from '../../scan/join-texts.ts';
import { type LocatedMatch, locateMatches } from '../../scan/matches.ts';
import type { Match, Patterns } from '../../scan/patterns.ts';
import { type Batch, LONGEST_TEXT, scanChunks, type ScanOptions, type ScanStats } from '../../scan/scan.ts';
import { eachRecord, type TextRecord } from '../../scan/strings.ts';
import type { Tally } from '../../scan/tally.ts';
import type { Target } from '../../targets/target.ts';
import type { Context } from './context.ts';
import { LABEL_BYTES, type Labels, labelsFor } from './labels.ts';
import { detailOf } from './region-words.ts';

export interface LineOptions {
  readonly scan: ScanOptions;
  readonly patterns: Patterns | undefined;
  readonly style: LineStyle;
  /** Strings at most; Infinity = all. */
  readonly limit: number;
  /** Each match on a line of its own, in place of its string. */
  readonly onlyMatching: boolean;
  /** Names the patterns that match, in JSON. */
  readonly namesPatterns: boolean;
  readonly context: Context | undefined;
  readonly secrets: readonly SecretPattern[] | undefined;
  /** Counts the matches. */
  readonly tally: Tally | undefined;
}

/** Bytes of output that are gathered before they are passed on. */
const MUCH = 1 << 23;

/** The strings of the target as lines, many a buffer, in the order of their addresses, job by job; counted in `stats`. */
export async function* scanLines(
  target: Target,
  options: LineOptions,
  stats: ScanStats,
): AsyncGenerator<readonly Buffer[]> {
  const { patterns, limit, style } = options;
  const printer = new Printer(target, options);
  const isDecidedNatively = decidesNatively(options);
  const request = {
    output: isDecidedNatively ? 'lines' : 'records',
    patterns,
    lines: printer.writer,
    labels:
      isDecidedNatively && printer.labels
        ? (ranges: readonly Range[]) => printer.labels!.within(ranges)
        : undefined,
    lineOverhead: style.json
      ? JSON_OVERHEAD + longestLabel(target.classifyRegions())
      : TEXT_OVERHEAD + LABEL_BYTES,
    keep: style.maxLength > 0 ? 4 * style.maxLength + 4 : LONGEST_TEXT,
    limit: isDecidedNatively ? limit : Infinity,
  } as const;
  for await (const batches of scanChunks(target, options.scan, request, stats)) {
    let buffers: Buffer[] = [];
    let size = 0;
    for (const batch of batches) {
      for (const { bytes, count } of printer.print(batch, () => limit - stats.strings)) {
        buffers.push(bytes);
        stats.strings += count;
        size += bytes.length;
        if (size < MUCH) continue;
        yield buffers;
        [buffers, size] = [[], 0];
      }
    }
    yield buffers;
    if (stats.strings >= limit) return;
  }
}

/**
 * Whether the addon tests, counts and formats strings: nothing is left to test, and only the place of the first match has
 * to be known, which is to be in view.
 */
function decidesNatively(options: LineOptions): boolean {
  const { patterns, style } = options;
  if (options.context) return false;
  if (!patterns) return true;
  const showsFirst = patterns.isLiteral || style.maxLength === 0;
  return patterns.isExact && (patterns.mode === 'none' || (showsFirst && !needsMatches(options)));
}

/** Whether all matches have to be known; else the first is enough, for the part of a long string that is shown. */
const needsMatches = ({
  style,
  tally,
  secrets,
  context,
  onlyMatching,
  namesPatterns,
}: LineOptions): boolean =>
  style.color ||
  onlyMatching ||
  namesPatterns ||
  [tally, secrets, context].some((part) => part !== undefined);

interface Lines {
  readonly bytes: Buffer;
  /** The number of strings they show. */
  readonly count: number;
}

/** The first lines, `most` at most, of lines that are one a string. */
export function firstLines({ bytes, count }: Lines, most: number): Lines {
  if (count <= most) return { bytes, count };
  let end = 0;
  for (let i = 0; i < most; i++) end = bytes.indexOf(0x0a, end) + 1;
  return { bytes: bytes.subarray(0, end), count: most };
}

/** Memory around the hits of so many lines is put together at a time. */
const WITH_CONTEXT = 16;

/** The part of a string that is shown, and what is known of it. */
interface Shown {
  /** Number of the record. */
  readonly index: number;
  readonly address: bigint;
  /** In memory, in bytes. */
  readonly length: number;
  /** Of its text, in bytes. */
  readonly textLength: number;
  readonly matches: readonly LocatedMatch[];
  /** In the text. */
  readonly hidden: readonly Span[];
}

/** One line: a part of a string's text, and its address. */
interface Line extends Span {
  readonly string: Shown;
  /** Of its string. */
  readonly isLast: boolean;
  readonly address: bigint;
  readonly length: number;
  readonly matches: readonly LocatedMatch[];
}

type RecordTexts = Pick<Records, 'textLengths' | 'encodings' | 'text'>;

class Printer {
  readonly writer: LineWriter;
  readonly labels: Labels | undefined;
  private readonly stitchedIn: Encoding;

  constructor(
    target: Target,
    private readonly options: LineOptions,
  ) {
    this.stitchedIn = encodingsOf(options.scan.encoding)[0]!;
    this.writer = new addon.LineWriter(options.style);
    this.labels = labelsFor(target, options.style);
  }

  /** The lines of a batch, in order. `most` returns the number of strings that may still be shown. */
  *print({ stitched, strings, lines, records }: Batch, most: () => number): Generator<Lines> {
    if (stitched && most() > 0) yield* this.stitchedLines(stitched);
    if (records && most() > 0) yield* this.recordLines(records, most());
    if (lines && most() > 0) yield firstLines({ bytes: lines, count: strings }, most());
  }

  // It has been tested.
  private *stitchedLines(stitched: StitchedString): Generator<Lines> {
    const { address, length, text, skipped, cutBefore, cutAfter } = stitched;
    const decoded = text.toString();
    const begin = address + BigInt(skipped);
    const matches = this.options.patterns?.matchesIn({ address, text: decoded }) ?? [];
    const encoding = this.stitchedIn;
    const string = { index: 0, address: begin, length: text.length, encoding, text: decoded };
    const shown = this.shown(string, text, matches, stitched);
    if (this.options.onlyMatching) {
      const encodings = Uint8Array.of(ENCODINGS.indexOf(encoding));
      yield* this.linesOf({ textLengths: Uint32Array.of(text.length), encodings, text }, [shown]);
      return;
    }
    const pairs = Uint32Array.from(shown.matches.flatMap((match) => offsetsOf(match, 0)));
    const whole = { ...shown, address, length, matches: shown.matches };
    const more = this.more(whole, this.hitOf(whole), shown.matches);
    const bytes = this.writer.write(
      address,
      length,
      text,
      cutBefore,
      cutAfter,
      pairs,
      this.labels?.at(address),
      ENCODINGS.indexOf(encoding),
      more,
    );
    yield { bytes, count: 1 };
  }

  private *recordLines(records: Records, most: number): Generator<Lines> {
    const texts = [...eachRecord(records)];
    const found = this.matchesOf(texts);
    const wanted = texts.filter((_, i) => found[i] !== undefined).slice(0, most);
    let offset = 0;
    let next = 0;
    const shown = wanted.map((string) => {
      for (; next < string.index; next++) offset += records.textLengths[next]!;
      const bytes = records.text.subarray(offset, offset + records.textLengths[next]!);
      return this.shown(string, bytes, found[string.index]!);
    });
    yield* this.linesOf(records, shown);
  }

  /** The matches of each string, as far as they are needed; undefined for strings that are not wanted. */
  private matchesOf(texts: readonly TextRecord[]): (readonly Match[] | undefined)[] {
    const { patterns, style } = this.options;
    if (!patterns) return texts.map(() => []);
    if (needsMatches(this.options)) return patterns.matches(texts);
    const isLong = ({ length }: TextRecord): boolean => style.maxLength > 0 && length > style.maxLength;
    return patterns.test(texts).map((isWanted, i) => {
      if (!isWanted) return undefined;
      return isLong(texts[i]!) ? patterns.matchesIn(texts[i]!) : [];
    });
  }

  /** Places the matches of a string; hides its secrets in `bytes`. */
  private shown(
    { index, address, length, encoding, text }: TextRecord,
    bytes: Buffer,
    found: readonly Match[],
    cut?: Cut,
  ): Shown {
    const { tally, secrets } = this.options;
    const matches = locateMatches(text, found, address, encoding);
    tally?.add(matches);
    const hidden = secrets ? maskBytes(bytes, text, encoding, secrets, cut) : [];
    return { index, address, length, textLength: bytes.length, matches, hidden };
  }

  private *linesOf(records: RecordTexts, strings: readonly Shown[]): Generator<Lines> {
    const lines = strings.flatMap((string) => this.linesIn(string));
    const step = this.options.context ? WITH_CONTEXT : lines.length;
    let reported = 0;
    for (let i = 0; i < lines.length; i += step) {
      const some = lines.slice(i, i + step);
      const count = some.filter(({ isLast }) => isLast).length;
      yield { bytes: this.format(records, some), count };
      reported += count;
    }
    // Where all matches are empty there is no line.
    if (reported < strings.length) yield { bytes: Buffer.alloc(0), count: strings.length - reported };
  }

  private format(records: RecordTexts, lines: readonly Line[]): Buffer {
    const chosen: number[] = [];
    const offsets: number[] = [];
    const more: string[] = [];
    for (const line of lines) {
      const { string, begin, end, matches } = line;
      const first = offsets.length / 2;
      for (const match of matches) offsets.push(...offsetsOf(match, begin));
      chosen.push(string.index, begin, end, first, offsets.length / 2);
      const hit = this.options.onlyMatching ? line : this.hitOf(string);
      more.push(this.more(string, hit, matches, line));
    }
    const last = lines.at(-1)!.string;
    return this.writer.writeRecords(
      records,
      Uint32Array.from(chosen),
      BigUint64Array.from(lines, ({ address }) => address),
      Uint32Array.from(lines, ({ length }) => length),
      Uint32Array.from(offsets),
      this.labels?.within([{ start: lines[0]!.string.address, end: last.address + BigInt(last.length) }]),
      more.some((text) => text !== '') ? more : undefined,
    );
  }

  /** A line for the whole string, or for each match. */
  private linesIn(string: Shown): Line[] {
    const { address, length, textLength, matches } = string;
    if (!this.options.onlyMatching)
      return [{ string, isLast: true, address, length, begin: 0, end: textLength, matches }];
    const last = matches.at(-1);
    // Spelled out: to spread a match takes longer than all else that is done for it.
    return matches.map((match) => ({
      string,
      isLast: match === last,
      address: match.address,
      length: match.length,
      begin: match.begin,
      end: match.end,
      matches: [match],
    }));
  }

  /** The hit that memory is shown around: the first match, or the string. */
  private hitOf({ matches, address, length }: Shown): { readonly address: bigint; readonly length: number } {
    return matches[0] ?? { address, length };
  }

  private more(
    { hidden }: Shown,
    hit: { readonly address: bigint; readonly length: number },
    matches: readonly LocatedMatch[],
    part?: Span,
  ): string {
    const { style, context, namesPatterns } = this.options;
    if (!style.json) return context?.lines(hit) ?? '';
    const isMasked = part ? overlaps(hidden, part) : hidden.length > 0;
    const members = {
      ...(namesPatterns && { patterns: this.namesOf(matches) }),
      ...(isMasked && { masked: true }),
      ...(context && { context: context.json(hit) }),
    };
    return Object.keys(members).length > 0 ? `,${visibleJson(members).slice(1, -1)}` : '';
  }

  private namesOf(matches: readonly LocatedMatch[]): string[] {
    const matching = new Set(matches.flatMap(({ patterns }) => patterns));
    return this.options.patterns!.list.filter((pattern) => matching.has(pattern)).map(({ name }) => name);
  }
}

const offsetsOf = ({ begin, end }: LocatedMatch, from: number): [number, number] => [
  begin - from,
  end - from,
];

/** Bytes of a line beside its text: address, length and names of fields, or two escape sequences. */
const JSON_OVERHEAD = 128;
const TEXT_OVERHEAD = 48;

/** At most: escaped, a character of a pathname takes six bytes. */
const longestLabel = (regions: readonly Region[]): number =>
  regions.reduce(
    (most, { pathname, facts }) => Math.max(most, 6 * (pathname.length + detailOf(facts).length)),
    0,
  );

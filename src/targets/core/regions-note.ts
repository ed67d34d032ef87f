// memscan's own note in the cores it writes: the regions, exactly as classified.
//
// Lines of text, each ended by a line feed. TABs separate fields; numbers are hexadecimal without 0x:
//   memscan-core 2
//   region START END PERMS OFFSET DEV INODE KIND FACTS PATHNAME     in order; FACTS as a JSON object, PATHNAME as a string
//   copied START END                                                in order: pages of kind `file-data` in regions `file`
//
// `memscan-core 1`, by memscan 0.1, has a JSON string for people instead of FACTS.
import { factsFrom, type RegionFacts } from '../../memory/facts.ts';
import { factsFromDetail } from '../../memory/old-detail.ts';
import { gapsIn, partsIn, type Range } from '../../memory/ranges.ts';
import { type Region, REGION_KINDS, type RegionKind } from '../../memory/region.ts';

export interface RegionsNote {
  readonly regions: readonly Region[];
  /** Pages of private file mappings that were the process's own copies; in order, without overlap. */
  readonly copied: readonly Range[];
}

const TITLE = 'memscan-core 2';
const OLD_TITLE = 'memscan-core 1';

/** Longest line in bytes. A path has at most 4096 bytes, and JSON writes up to six characters for one. */
const LONGEST_LINE = 65536;

// JSON writes no TAB as it is: fields without one are matched in one pass.
const REGION =
  /^region\t([0-9a-f]{1,16})\t([0-9a-f]{1,16})\t([r-][w-][x-][sp])\t([0-9a-f]{1,16})\t([0-9a-f]+:[0-9a-f]+)\t([0-9a-f]{1,16})\t([a-z-]+)\t([^\t]+)\t([^\t]+)$/;
const COPIED = /^copied\t([0-9a-f]{1,16})\t([0-9a-f]{1,16})$/;

/** Formats the content of the note. */
export function formatRegionsNote({ regions, copied }: RegionsNote): Buffer {
  const lines = [TITLE, ...regions.map(regionLine), ...copied.map(copiedLine)];
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

function regionLine({ start, end, perms, offset, dev, inode, kind, facts, pathname }: Region): string {
  const texts = [facts, pathname].map((value) => JSON.stringify(value));
  return ['region', hex(start), hex(end), perms, hex(offset), dev, hex(inode), kind, ...texts].join('\t');
}

const copiedLine = ({ start, end }: Range): string => `copied\t${hex(start)}\t${hex(end)}`;

const hex = (number: bigint): string => number.toString(16);

/** Parses the content of the note. Returns undefined if any line is not valid: anybody can write a core. */
export function parseRegionsNote(note: Buffer): RegionsNote | undefined {
  const regions: Region[] = [];
  const copied: Range[] = [];
  let at = 0;
  for (const line of linesOf(note)) {
    if (line === undefined || (at === 0 && line !== TITLE && line !== OLD_TITLE)) return undefined;
    if (at++ === 0) continue;
    const region = parseRegion(line);
    const range = region ?? parseCopied(line);
    if (!range || !isBehind(region ? regions : copied, range)) return undefined;
    if (region) regions.push(region);
    else if (areFiles(regions, range)) copied.push(range);
    else return undefined;
  }
  return regions.length > 0 ? { regions, copied } : undefined;
}

/** Yields the lines; undefined for one that is too long or does not end. */
function* linesOf(note: Buffer): Generator<string | undefined> {
  for (let at = 0; at < note.length;) {
    const end = note.indexOf(0x0a, at);
    yield end < 0 || end - at > LONGEST_LINE ? undefined : note.toString('utf8', at, end);
    at = end + 1;
  }
}

function parseRegion(line: string): Region | undefined {
  const match = REGION.exec(line);
  if (!match) return undefined;
  const [, start, end, perms, offset, dev, inode, kind, known, path] = match as unknown as string[];
  if (!isKind(kind!)) return undefined;
  const facts = parseFacts(kind, known!);
  const pathname = parseJson(path!);
  if (!facts || typeof pathname !== 'string') return undefined;
  return {
    ...rangeOf(start!, end!),
    perms: perms!,
    offset: number(offset!),
    dev: dev!,
    inode: number(inode!),
    pathname,
    kind,
    facts,
  };
}

const isKind = (word: string): word is RegionKind => (REGION_KINDS as readonly string[]).includes(word);

function parseFacts(kind: RegionKind, json: string): RegionFacts | undefined {
  const value = parseJson(json);
  return typeof value === 'string' ? factsFromDetail(kind, value) : factsFrom(value);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function parseCopied(line: string): Range | undefined {
  const match = COPIED.exec(line);
  return match ? rangeOf(match[1]!, match[2]!) : undefined;
}

const rangeOf = (start: string, end: string): Range => ({ start: number(start), end: number(end) });
const number = (digits: string): bigint => BigInt(`0x${digits}`);

const isBehind = (ranges: readonly Range[], { start, end }: Range): boolean =>
  start < end && start >= (ranges.at(-1)?.end ?? 0n);

/** Whether file mappings cover the range, which may span several adjacent regions. */
const areFiles = (regions: readonly Region[], range: Range): boolean =>
  gapsIn(range, regions).length === 0 && [...partsIn(regions, range)].every(({ kind }) => kind === 'file');

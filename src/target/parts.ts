import { addon } from '../native.ts';
import {
  firstEndingAfter,
  partsIn,
  type Range,
  type Region,
  regionAt,
  type RegionKind,
  type RegionSpan,
} from './target.ts';

/** A stretch of memory that evidence tells the kind of: inside a region, or over several. */
export interface Part extends Range {
  readonly kind: RegionKind;
  readonly detail: string;
}

/** Memory of these kinds may be told more exactly. */
const VAGUE: ReadonlySet<RegionKind> = new Set(['anon', 'heap', 'shared']);

/**
 * Cuts regions of a vague kind (and those of files, by a Java heap) where parts begin and end, and gives what lies in a part its kind. Where parts overlap,
 * that of the first list counts, and in one list the one that begins first. Of a part, only whole pages count.
 */
export function applyParts(regions: readonly Region[], lists: readonly (readonly Part[])[]): Region[] {
  const parts = lists.reduce<readonly Part[]>(addParts, []);
  // HotSpot maps objects of its archive into its heap.
  const heaps = parts.filter(({ kind }) => kind === 'java-heap');
  const cutRegions: Region[] = [];
  for (const region of regions) {
    const fitting = VAGUE.has(region.kind) ? parts : region.kind === 'file' ? heaps : [];
    if (touches(fitting, region)) cutRegions.push(...cut(region, fitting));
    else cutRegions.push(region);
  }
  return cutRegions;
}

/** Both, in order and apart: of the second list what the first leaves. */
function addParts(parts: readonly Part[], list: readonly Part[]): Part[] {
  const added: Part[] = [];
  let end = 0n;
  for (const part of list.map(wholePages).toSorted((a, b) => (a.start < b.start ? -1 : 1))) {
    const start = part.start > end ? part.start : end;
    if (start >= part.end) continue;
    end = part.end;
    for (const gap of gapsIn({ start, end }, parts)) added.push({ ...part, ...gap });
  }
  return [...parts, ...added].toSorted((a, b) => (a.start < b.start ? -1 : 1));
}

function wholePages(part: Part): Part {
  const page = BigInt(addon.pageSize);
  return { ...part, start: ((part.start + page - 1n) / page) * page, end: (part.end / page) * page };
}

function touches(ranges: readonly Range[], { start, end }: Range): boolean {
  const next = ranges[firstEndingAfter(ranges, start)];
  return next !== undefined && next.start < end;
}

function cut(region: Region, parts: readonly Part[]): Region[] {
  const inside = [...partsIn(parts, region)].map((part) => ({ ...pieceOf(region, part), ...part }));
  const rest = gapsIn(region, inside).map((gap) => pieceOf(region, gap));
  return [...inside, ...rest].toSorted((a, b) => (a.start < b.start ? -1 : 1));
}

function pieceOf(region: Region, { start, end }: Range): Region {
  const isMapped = region.dev !== '00:00';
  return { ...region, start, end, offset: isMapped ? region.offset + (start - region.start) : region.offset };
}

/** The regions that hold parts of the range; of a file's mapping, pages in `copied` (in order, apart) are `file-data`. */
export function regionsIn(regions: readonly Region[], copied: readonly Range[], range: Range): RegionSpan[] {
  return [...partsIn(regions, range)].flatMap((part): RegionSpan[] => {
    const region = regions[firstEndingAfter(regions, part.start)]!;
    const span = { start: part.start, end: part.end, region };
    if (region.kind !== 'file') return [span];
    const copies = [...partsIn(copied, part)].map((copy) => ({
      ...copy,
      region: copyOf(region, copied, copy),
    }));
    const rest = gapsIn(part, copies).map((gap) => ({ ...gap, region }));
    return [...copies, ...rest].toSorted((a, b) => (a.start < b.start ? -1 : 1));
  });
}

/** The one that holds `address`; as regionsIn() has them. */
export function regionHolding(
  regions: readonly Region[],
  copied: readonly Range[],
  address: bigint,
): Region | undefined {
  const region = regionAt(regions, address);
  if (region?.kind !== 'file') return region; // nearly always, and asked for every string
  return regionsIn(regions, copied, { start: address, end: address + 1n })[0]!.region;
}

function copyOf(region: Region, copied: readonly Range[], { start }: Range): Region {
  const whole = copied[firstEndingAfter(copied, start)]!;
  return { ...pieceOf(region, whole), kind: 'file-data' };
}

/** What of `range` none of `ranges` (in order, apart) covers. */
export function gapsIn(range: Range, ranges: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let at = range.start;
  for (let i = firstEndingAfter(ranges, at); i < ranges.length && ranges[i]!.start < range.end; i++) {
    if (ranges[i]!.start > at) gaps.push({ start: at, end: ranges[i]!.start });
    at = ranges[i]!.end;
  }
  if (at < range.end) gaps.push({ start: at, end: range.end });
  return gaps;
}

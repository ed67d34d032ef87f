import { addon } from '../native/addon.ts';
import type { RegionFacts } from './facts.ts';
import { byStart, cutAt, firstEndingAfter, gapsIn, intersect, type Range } from './ranges.ts';
import { type Region, regionAt, type RegionKind, type RegionSpan } from './region.ts';

/** A stretch of memory that evidence tells the kind of: inside a region, or over several. */
export interface Part extends Range {
  readonly kind: RegionKind;
  readonly facts: RegionFacts;
}

/** Memory of these kinds may be told more exactly. */
const VAGUE: ReadonlySet<RegionKind> = new Set(['anon', 'heap', 'shared']);

/**
 * Cuts regions of a vague kind (and those of files, by a Java heap) where parts begin and end, and gives what lies in a
 * part its kind. Where parts overlap, that of the first list counts, and in one list the one that begins first. Of a part,
 * only whole pages count.
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
  for (const part of list.map(wholePages).toSorted(byStart)) {
    const start = part.start > end ? part.start : end;
    if (start >= part.end) continue;
    end = part.end;
    for (const gap of gapsIn({ start, end }, parts)) added.push({ ...part, ...gap });
  }
  return [...parts, ...added].toSorted(byStart);
}

function wholePages(part: Part): Part {
  const page = BigInt(addon.pageSize);
  return { ...part, start: ((part.start + page - 1n) / page) * page, end: (part.end / page) * page };
}

function touches(ranges: readonly Range[], { start, end }: Range): boolean {
  const next = ranges[firstEndingAfter(ranges, start)];
  return next !== undefined && next.start < end;
}

const cut = (region: Region, parts: readonly Part[]): Region[] =>
  cutAt(region, parts).map(({ inside, ...range }) => ({
    ...pieceOf(region, range),
    ...(inside && { kind: inside.kind, facts: inside.facts }),
  }));

function pieceOf(region: Region, { start, end }: Range): Region {
  const isMapped = region.dev !== '00:00';
  return { ...region, start, end, offset: isMapped ? region.offset + (start - region.start) : region.offset };
}

/** The regions that hold parts of the range; of a file's mapping, pages in `copied` (in order, apart) are `file-data`. */
export const regionsIn = (regions: readonly Region[], copied: readonly Range[], range: Range): RegionSpan[] =>
  cutAt(range, regions).flatMap(({ start, end, inside: region }): RegionSpan[] => {
    if (!region) return [];
    if (region.kind !== 'file') return [{ start, end, region }];
    return cutAt({ start, end }, copied).map(({ inside: copy, ...part }) => ({
      ...part,
      // Copies of neighbours that touch are one range.
      region: copy ? { ...pieceOf(region, intersect(copy, region)!), kind: 'file-data' } : region,
    }));
  });

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

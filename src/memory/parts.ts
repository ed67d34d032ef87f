import { addon } from '../native/addon.ts';
import type { RegionFacts } from './facts.ts';
import { byStart, cutAt, firstEndingAfter, gapsIn, intersect, type Range } from './ranges.ts';
import { type Region, regionAt, type RegionKind, type RegionSpan } from './region.ts';

/** Addresses whose kind a runtime determined: inside one region, or across several. */
export interface Part extends Range {
  readonly kind: RegionKind;
  readonly facts: RegionFacts;
}

/** Kinds that a part may replace by a more specific one. */
const VAGUE: ReadonlySet<RegionKind> = new Set(['anon', 'heap', 'shared']);

/**
 * Cuts regions at the edges of parts, and gives each piece the kind and facts of its part. Only regions of a vague kind
 * change (and mappings of files inside a Java heap). Where parts overlap, the earlier list wins, and within a list the part
 * that begins first. A part applies to whole pages only. Returns the regions in order of addresses.
 */
export function applyParts(regions: readonly Region[], lists: readonly (readonly Part[])[]): Region[] {
  const parts = lists.reduce<readonly Part[]>(addParts, []);
  // HotSpot maps objects of its archive into its heap.
  const heaps = parts.filter(({ kind }) => kind === 'java-heap');
  const cutRegions: Region[] = [];
  for (const region of regions) {
    const fitting = VAGUE.has(region.kind) ? parts : region.kind === 'file' ? heaps : [];
    if (touches(fitting, region)) for (const piece of cut(region, fitting)) cutRegions.push(piece);
    else cutRegions.push(region);
  }
  return cutRegions;
}

/** Merges two lists in order, without overlap: `parts` keep their ranges, `list` fills the gaps. */
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

/**
 * Returns the pieces of `range` that lie in regions, in order, each with its region. In mappings of files, pages in `copied`
 * (in order, no overlap) are regions of their own, of kind `file-data`.
 */
export const regionsIn = (regions: readonly Region[], copied: readonly Range[], range: Range): RegionSpan[] =>
  cutAt(range, regions).flatMap(({ start, end, inside: region }): RegionSpan[] => {
    if (!region) return [];
    if (region.kind !== 'file') return [{ start, end, region }];
    return cutAt({ start, end }, copied).map(({ inside: copy, ...part }) => ({
      ...part,
      // One range of `copied` may reach over several adjacent regions.
      region: copy ? { ...pieceOf(region, intersect(copy, region)!), kind: 'file-data' } : region,
    }));
  });

/**
 * Returns the region that holds `address`. In mappings of files, pages in `copied` (in order, no overlap) are regions of
 * their own, of kind `file-data`.
 */
export function regionHolding(
  regions: readonly Region[],
  copied: readonly Range[],
  address: bigint,
): Region | undefined {
  const region = regionAt(regions, address);
  if (region?.kind !== 'file') return region; // the fast path: called for every string
  return regionsIn(regions, copied, { start: address, end: address + 1n })[0]!.region;
}

import { addon } from '../native/addon.ts';
import type { Source } from '../native/source.ts';
import type { Area } from './areas.ts';
import { listPages, pagemapByEntry, PagemapError, pageSpans } from './page-lists.ts';
import { partsIn, sizeOf, sumOf } from './ranges.ts';
import type { Region, RegionKind } from './region.ts';
import { Views } from './views.ts';

/** How much of a region is in memory, in bytes. */
export interface Residency {
  /** Bytes in memory. */
  readonly resident: number;
  /** The part of `resident` in pages of a private file mapping that the process has written to. */
  readonly copied: number;
  /** The part of `resident` that is also mapped, and counted, at a lower address. */
  readonly again: number;
  readonly swapped: number;
}

/** vsyscall is the only region above this address, and pagemap does not cover it. */
const KERNEL_SPACE = 1n << 63n;

/** Counts the resident and swapped pages of each region from the kernel's page tables. Throws PagemapError. */
export async function residencyOf(source: Source, regions: readonly Region[]): Promise<Residency[]> {
  const areas = regions
    .filter(({ start }) => start < KERNEL_SPACE)
    .map((region) => ({ start: region.start, end: region.end, region }));
  const { error, counts } = await source.countPages(pageSpans(areas), pagemapByEntry());
  if (error) throw new PagemapError(error);
  const again = await residentAgain(source, areas);
  return regions.map((region, i) => {
    const [anonymous = 0, file = 0, swapped = 0] = counts.subarray(3 * i, 3 * i + 3);
    return {
      resident: (anonymous + file) * addon.pageSize,
      copied: region.kind === 'file' ? anonymous * addon.pageSize : 0,
      again: again.get(region) ?? 0,
      swapped: swapped * addon.pageSize,
    };
  });
}

/** For regions of memory that is mapped several times: the resident bytes that an earlier region already has. */
async function residentAgain(source: Source, areas: readonly Area[]): Promise<ReadonlyMap<Region, number>> {
  const mapped = areas.filter(({ region }) => region.perms.endsWith('s'));
  const views = new Views(mapped.map(({ region }) => region));
  const shared = mapped.filter(({ region }) => views.has(region));
  const again = new Map<Region, number>();
  for await (const { pages } of listPages(source, shared)) {
    for (const part of pages.flatMap((range) => [...partsIn(shared, range)])) {
      const fresh = sumOf(views.take(part));
      again.set(part.region, (again.get(part.region) ?? 0) + sizeOf(part) - fresh);
    }
  }
  return again;
}

/** Returns the regions with at least `bytes` in memory. Pages of mapped files count only if `wanted` has `file`. */
export async function largerRegions(
  source: Source,
  regions: readonly Region[],
  bytes: number,
  wanted: ReadonlySet<RegionKind>,
): Promise<ReadonlySet<Region>> {
  const residency = await residencyOf(source, regions);
  return new Set(
    regions.filter(({ kind }, i) => {
      const { resident, copied } = residency[i]!;
      return (kind === 'file' && !wanted.has('file') ? copied : resident) >= bytes;
    }),
  );
}

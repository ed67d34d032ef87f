import { addon } from '../native/addon.ts';
import type { Source } from '../native/source.ts';
import { partsIn, sizeOf, sumOf } from './ranges.ts';
import type { Region, RegionKind } from './region.ts';
import { type Area, looks, pagemapByEntry, PagemapError, pageSpans } from './spans.ts';
import { Views } from './views.ts';

/** How much of a region is in memory. Bytes. */
export interface Residency {
  /** All of it that is in memory. */
  readonly resident: number;
  /** Of that, in a private mapping of a file, what is the process's own: pages that were written to. */
  readonly copied: number;
  /** Of it, memory that the target has mapped at a lower address, too. */
  readonly again: number;
  readonly swapped: number;
}

/** From here on there is only vsyscall, which pagemap does not know. */
const KERNEL_SPACE = 1n << 63n;

/** Asks the kernel's page tables, of each region. Throws PagemapError. */
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

/** Of regions whose memory is mapped several times: the bytes in memory that one before them has, too. */
async function residentAgain(source: Source, areas: readonly Area[]): Promise<ReadonlyMap<Region, number>> {
  const mapped = areas.filter(({ region }) => region.perms.endsWith('s'));
  const views = new Views(mapped.map(({ region }) => region));
  const shared = mapped.filter(({ region }) => views.has(region));
  const again = new Map<Region, number>();
  for await (const { pages } of looks(source, shared)) {
    for (const part of pages.flatMap((range) => [...partsIn(shared, range)])) {
      const fresh = sumOf(views.take(part));
      again.set(part.region, (again.get(part.region) ?? 0) + sizeOf(part) - fresh);
    }
  }
  return again;
}

/** The regions with at least `bytes` in memory, of those kinds that are wanted. */
export async function largerOnes(
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

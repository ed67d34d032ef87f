import { addon, type Source } from '../native.ts';
import { pagemapByEntry, PagemapError, pageSpans } from './spans.ts';
import type { Region, Residency } from './target.ts';

/** Asks the kernel's page tables, of each region. Throws PagemapError. */
export async function residencyOf(source: Source, regions: readonly Region[]): Promise<Residency[]> {
  const areas = regions.map((region) => ({ start: region.start, end: region.end, region }));
  const { error, counts } = await source.countPages(pageSpans(areas), pagemapByEntry());
  if (error) throw new PagemapError(error);
  return regions.map(({ kind }, i) => {
    const [anonymous, file, swapped] = [counts[3 * i]!, counts[3 * i + 1]!, counts[3 * i + 2]!];
    return {
      resident: (anonymous + file) * addon.pageSize,
      copied: kind === 'file' ? anonymous * addon.pageSize : 0,
      swapped: swapped * addon.pageSize,
    };
  });
}

/** The regions with at least `bytes` in memory. */
export async function largerOnes(
  source: Source,
  regions: readonly Region[],
  bytes: number,
): Promise<ReadonlySet<Region>> {
  const residency = await residencyOf(source, regions);
  return new Set(regions.filter((_, i) => residency[i]!.resident >= bytes));
}

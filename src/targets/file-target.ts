import { areasOf } from '../memory/areas.ts';
import type { Coverage } from '../memory/coverage.ts';
import { NO_FACTS } from '../memory/facts.ts';
import { intersect, type Range, sumOf } from '../memory/ranges.ts';
import type { Region, RegionSpan } from '../memory/region.ts';
import type { Residency } from '../memory/residency.ts';
import type { Selection } from '../memory/selection.ts';
import type { Source } from '../native/source.ts';
import { StoredTarget } from './stored.ts';
import type { Target } from './target.ts';

/** A file that is not a core: one region, from 0 to the file's size. Addresses are offsets. */
export class FileTarget extends StoredTarget implements Target {
  readonly kind = 'file';
  private readonly region: Region;

  constructor(path: string, size: number, source: Source) {
    super(path, source);
    this.region = fileRegion(path, size);
  }

  classifyRegions(): readonly Region[] {
    return [this.region];
  }

  residentBytes(): number {
    return Number(this.region.end);
  }

  expectedBytes({ ranges }: Selection): number {
    return sumOf(areasOf(this.classifyRegions(), ranges));
  }

  async residency(): Promise<Residency[]> {
    return [{ resident: this.residentBytes(), copied: 0, again: 0, swapped: 0 }];
  }

  regionAt(address: bigint): Region | undefined {
    return address < this.region.end ? this.region : undefined;
  }

  regionsIn(range: Range): RegionSpan[] {
    const part = intersect(this.region, range);
    return part ? [{ ...part, region: this.region }] : [];
  }

  async *spans(selection: Selection, coverage: Coverage): AsyncGenerator<Range[]> {
    const size = this.expectedBytes(selection);
    const isChosen = this.isChosen(selection);
    coverage.mapped += size;
    coverage[isChosen ? 'notReached' : 'notChosen'] += size;
    if (isChosen)
      yield areasOf(this.classifyRegions(), selection.ranges).filter(({ start, end }) => start < end);
  }

  private isChosen({ only, skip, larger = 0 }: Selection): boolean {
    return (only?.includes('file') ?? true) && !skip?.includes('file') && this.residentBytes() >= larger;
  }
}

function fileRegion(path: string, size: number): Region {
  const end = BigInt(size);
  return {
    start: 0n,
    end,
    perms: 'r--p',
    offset: 0n,
    dev: '',
    inode: 0n,
    pathname: path,
    kind: 'file',
    facts: NO_FACTS,
  };
}

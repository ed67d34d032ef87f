import { type Area, areasOf, mayHold, wantedKinds } from '../../memory/areas.ts';
import { type Coverage, moveBytes } from '../../memory/coverage.ts';
import { cutAt, partsIn, type Range, sizeOf, sumOf } from '../../memory/ranges.ts';
import type { Region, RegionKind } from '../../memory/region.ts';
import type { Selection } from '../../memory/selection.ts';
import { Views } from '../../memory/views.ts';

/** Ranges of a core's memory. Each list is in order, without overlap. */
export interface StoredMemory {
  /** Memory that is in the file. */
  readonly stored: readonly Range[];
  /** Memory that should be in the file, but lies behind its end. */
  readonly missing: readonly Range[];
  /** Pages in file mappings that are the process's own copies. */
  readonly copied: readonly Range[];
}

/** Least number of ranges to yield at a time. */
const MANY = 1024;

/** Yields the selected memory that the core holds, in order. Counts all other bytes in `coverage`: see Target.spans(). */
export function* coreSpans(
  regions: readonly Region[],
  memory: StoredMemory,
  selection: Selection,
  coverage: Coverage,
): Generator<Range[]> {
  const wanted = wantedKinds(selection);
  const areas = areasOf(regions, selection.ranges);
  const views = new Views(selection.everyView ? [] : areas.map(({ region }) => region));
  let spans: Range[] = [];
  for (const area of areas) {
    coverage.mapped += sizeOf(area);
    const reason = leftOut(area, memory, wanted, selection);
    if (reason) coverage[reason] += sizeOf(area);
    else
      for (const span of spansIn(area, memory, wanted, coverage))
        for (const part of fresh(area, span, views, coverage)) spans.push(part);
    if (spans.length < MANY) continue;
    yield spans;
    spans = [];
  }
  yield spans;
}

function fresh({ region }: Area, span: Range, views: Views, coverage: Coverage): Range[] {
  const ranges = views.take({ ...span, region });
  moveBytes(coverage, 'notReached', 'otherViews', sizeOf(span) - sumOf(ranges));
  return ranges;
}

function leftOut(
  { region }: Area,
  { stored }: StoredMemory,
  wanted: ReadonlySet<RegionKind>,
  { larger = 0 }: Selection,
): keyof Coverage | undefined {
  if (region.kind === 'special') return 'special';
  if (!mayHold(region.kind, wanted)) return 'notChosen';
  return larger > 0 && sumOf(partsIn(stored, region)) < larger ? 'notChosen' : undefined;
}

function* spansIn(
  area: Area,
  { stored, missing, copied }: StoredMemory,
  wanted: ReadonlySet<RegionKind>,
  coverage: Coverage,
): Generator<Range> {
  const { kind } = area.region;
  coverage.notResident += sizeOf(area);
  moveBytes(coverage, 'notResident', 'unreadable', sumOf(partsIn(missing, area)));
  for (const part of partsIn(stored, area)) {
    for (const { inside: copy, ...piece } of cutAt(part, kind === 'file' ? copied : [])) {
      const isWanted = wanted.has(copy ? 'file-data' : kind);
      const unwanted = kind === 'file' && !copy ? 'fileBacked' : 'notChosen';
      moveBytes(coverage, 'notResident', isWanted ? 'notReached' : unwanted, sizeOf(piece));
      if (isWanted) yield piece;
    }
  }
}

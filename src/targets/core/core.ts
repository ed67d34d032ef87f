import { FileBytes } from '../../elf/file-bytes.ts';
import { type Coverage, noCoverage } from '../../memory/coverage.ts';
import { regionHolding, regionsIn } from '../../memory/parts.ts';
import { gapsIn, partsIn, type Range, sumOf } from '../../memory/ranges.ts';
import type { Region, RegionSpan } from '../../memory/region.ts';
import type { Residency } from '../../memory/residency.ts';
import type { Selection } from '../../memory/selection.ts';
import { addon } from '../../native/addon.ts';
import type { Source } from '../../native/source.ts';
import { classifyRegions } from '../../runtimes/registry.ts';
import { StoredTarget } from '../stored.ts';
import type { Target } from '../target.ts';
import { type CoreHeaders, readCoreHeaders } from './headers.ts';
import { type CoreNotes, readCoreNotes } from './notes.ts';
import type { RegionsNote } from './regions-note.ts';
import { coreRegions } from './regions.ts';
import { coreSpans, type StoredMemory } from './spans.ts';
import { coreView } from './view.ts';

/**
 * Opens a core by its descriptor, which the caller keeps and closes. Returns undefined if the file is not a core, or not a valid
 * one.
 */
export function openCore(path: string, fd: number, size: number): Target | undefined {
  const file = new FileBytes(fd, size);
  const headers = readCoreHeaders(file);
  if (!headers) return undefined;
  const notes = readCoreNotes(file, headers);
  const known = notes.known && fits(notes.known, headers) ? notes.known : undefined;
  const source = new addon.Source(0, fd, storedTriples(headers));
  return new CoreTarget(
    path,
    headers,
    notes,
    known ?? coreRegions(headers, notes),
    known !== undefined,
    source,
  );
}

/** Whether a note of regions belongs to this core: all stored memory lies in the regions. */
const fits = ({ regions }: RegionsNote, { segments }: CoreHeaders): boolean =>
  segments.every(
    ({ start, wantedEnd: end }) => start === end || gapsIn({ start, end }, regions).length === 0,
  );

function storedTriples({ segments }: CoreHeaders): BigUint64Array<ArrayBuffer> {
  const stored = segments.filter(({ start, storedEnd }) => start < storedEnd);
  const triples = new BigUint64Array(3 * stored.length);
  stored.forEach(({ start, storedEnd, offset }, i) => triples.set([start, storedEnd, offset], 3 * i));
  return triples;
}

class CoreTarget extends StoredTarget implements Target {
  readonly kind = 'core';
  private classified: readonly Region[] | undefined;
  private readonly memory: StoredMemory;

  constructor(
    name: string,
    { segments }: CoreHeaders,
    private readonly notes: CoreNotes,
    private readonly known: RegionsNote,
    /** The regions are exact: they need not be classified. */
    private readonly isExact: boolean,
    source: Source,
  ) {
    super(name, source);
    this.memory = {
      stored: segments.map(({ start, storedEnd: end }) => ({ start, end })).filter(isNotEmpty),
      missing: segments.map(({ storedEnd: start, wantedEnd: end }) => ({ start, end })).filter(isNotEmpty),
      copied: known.copied,
    };
  }

  classifyRegions(): readonly Region[] {
    const { regions } = this.known;
    this.classified ??= this.isExact ? regions : classifyRegions(coreView(this.notes, regions, this));
    return this.classified;
  }

  regionAt(address: bigint): Region | undefined {
    return regionHolding(this.classifyRegions(), this.known.copied, address);
  }

  regionsIn(range: Range): RegionSpan[] {
    return regionsIn(this.classifyRegions(), this.known.copied, range);
  }

  residentBytes(): number {
    return sumOf(this.memory.stored);
  }

  expectedBytes(selection: Selection): number {
    let bytes = 0;
    for (const spans of coreSpans(this.classifyRegions(), this.memory, selection, noCoverage()))
      bytes += sumOf(spans);
    return bytes;
  }

  async residency(): Promise<Residency[]> {
    const { stored, copied } = this.memory;
    return this.classifyRegions().map((region) => {
      const parts = [...partsIn(stored, region)];
      const own = region.kind === 'file' ? parts.flatMap((part) => [...partsIn(copied, part)]) : [];
      return { resident: sumOf(parts), copied: sumOf(own), again: 0, swapped: 0 };
    });
  }

  async *spans(selection: Selection, coverage: Coverage): AsyncGenerator<Range[]> {
    yield* coreSpans(this.classifyRegions(), this.memory, selection, coverage);
  }
}

const isNotEmpty = ({ start, end }: Range): boolean => start < end;

import { MemscanError } from '../base/errors.ts';
import { MOST_SEGMENTS } from '../elf/format.ts';
import { firstEndingAfter, intersect, type Range } from '../memory/ranges.ts';
import type { Region } from '../memory/region.ts';
import type { Piece } from './copy.ts';
import type { Segment } from './elf-core.ts';

/** Pages of anonymous memory that were never touched are zeros: so many bytes of them join two stretches. */
const WIDEST_BRIDGE = 1n << 16n;

/**
 * Gives memory its place in a core, as it comes: every region becomes one segment or several, a new one for each stretch
 * that is stored. A segment's memory goes on behind what is stored of it, to the next one or to the region's end.
 */
export class Layout {
  private index = 0;
  private open: Segment | undefined;
  private segments = 0;

  /** `position`: where the memory begins in the file; `add` takes the segments, in order. */
  constructor(
    private readonly regions: readonly Region[],
    private readonly add: (segment: Segment) => void,
    private position: number,
  ) {}

  /** Where what comes next would begin. */
  get end(): number {
    return this.position;
  }

  /**
   * Stores memory: `span` lies in regions, behind all that were stored. `bridges`: what lies between is nothing but
   * memory that was never touched, if it is of one region.
   */
  store(span: Range, bridges: boolean): Piece[] {
    const pieces: Piece[] = [];
    this.finishUntil(firstEndingAfter(this.regions, span.start));
    for (let start = span.start; start < span.end;) {
      const part = intersect({ start, end: span.end }, this.regions[this.index]!)!;
      pieces.push(this.storePart(part, bridges));
      start = part.end;
      if (start < span.end) this.finishUntil(this.index + 1);
    }
    return pieces;
  }

  /** Closes all regions. */
  finish(): void {
    this.finishUntil(this.regions.length);
  }

  private storePart({ start, end }: Range, bridges: boolean): Piece {
    const region = this.regions[this.index]!;
    const gap = this.open ? start - storedEnd(this.open) : undefined;
    const continues =
      gap === 0n || (gap !== undefined && bridges && gap <= WIDEST_BRIDGE && isAnonymous(region));
    if (continues) this.position += Number(gap);
    else this.begin(region, start);
    const position = this.position;
    this.open = { ...this.open!, stored: end - this.open!.start };
    this.position += Number(end - start);
    return { start, end, position };
  }

  private begin(region: Region, start: bigint): void {
    if (this.open || start > region.start) this.close(region, start);
    this.open = { start, end: region.end, perms: region.perms, offset: this.position, stored: 0n };
  }

  // The memory of the region before `end` that has no segment yet.
  private close({ start, perms }: Region, end: bigint): void {
    this.count();
    this.add(this.open ? { ...this.open, end } : { start, end, perms, offset: this.position, stored: 0n });
    this.open = undefined;
  }

  private finishUntil(index: number): void {
    for (; this.index < index; this.index++) {
      const region = this.regions[this.index]!;
      this.close(region, region.end);
    }
  }

  private count(): void {
    // One is left for the notes.
    if (++this.segments < MOST_SEGMENTS) return;
    throw new MemscanError(
      'TOO_SCATTERED',
      `the memory lies in too many pieces for a core: more than ${MOST_SEGMENTS - 1}`,
      'leave out file-backed pages (no --all), or dump parts: --range START-END',
    );
  }
}

const storedEnd = ({ start, stored }: Segment): bigint => start + stored;

const isAnonymous = ({ inode, perms }: Region): boolean => inode === 0n && perms.endsWith('p');

import { MemscanError } from '../base/errors.ts';
import { MOST_SEGMENTS } from '../elf/format.ts';
import { firstEndingAfter, intersect, type Range } from '../memory/ranges.ts';
import type { Region } from '../memory/region.ts';
import type { Piece } from './copy.ts';
import type { Segment } from './elf-core.ts';

/** Most bytes of untouched anonymous memory, which are zeros, that one segment stores between two spans. */
const LONGEST_BRIDGE = 1n << 16n;

/**
 * Assigns memory its offset in a core, in order of addresses. Each region becomes one or more segments, one per stored span. A
 * segment extends beyond its stored bytes, to the next segment or the region's end.
 */
export class Layout {
  private index = 0;
  private open: Segment | undefined;
  private segments = 0;

  /** `position`: offset of the first memory in the file. `add` receives the segments in order. */
  constructor(
    private readonly regions: readonly Region[],
    private readonly add: (segment: Segment) => void,
    private position: number,
  ) {}

  /** Offset in the file behind the memory stored so far. */
  get end(): number {
    return this.position;
  }

  /**
   * Stores `span`, which lies in regions, behind all spans before. `bridges`: memory between the previous span and this one was
   * never touched, as far as it is in the same region. Throws TOO_SCATTERED.
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

  /** Adds the segments for the rest of all regions. Throws TOO_SCATTERED. */
  finish(): void {
    this.finishUntil(this.regions.length);
  }

  private storePart({ start, end }: Range, bridges: boolean): Piece {
    const region = this.regions[this.index]!;
    const gap = this.open ? start - storedEnd(this.open) : undefined;
    const continues =
      gap === 0n || (gap !== undefined && bridges && gap <= LONGEST_BRIDGE && isAnonymous(region));
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

  // Adds a segment for the memory of the region before `end` that does not have one yet.
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
    // The notes need one more.
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

import type { Region } from '../../memory/region.ts';
import {
  FENCE_SIZE,
  flagsIn,
  headerIn,
  IS_MMAPPED,
  isChunkSize,
  NON_MAIN_ARENA,
  PREV_INUSE,
  prevSizeIn,
  sizeIn,
} from './chunk.ts';

const NOTHING = { size: 0, flags: 0 };

const PAGE = 4096n;

/** Checks what may be a header of a malloc chunk in one heap, or in memory of brk. `at` is an offset in the bytes given. */
export class HeapRules {
  readonly start: bigint;
  private readonly end: bigint;

  private constructor(
    { start, end }: Region,
    private readonly isMain: boolean,
  ) {
    this.start = start;
    this.end = end;
  }

  /** Returns undefined unless the region is a heap of glibc, or memory of brk that glibc uses. */
  static of(region: Region): HeapRules | undefined {
    const isMain = region.facts.arena === 'main';
    if (region.kind !== 'arena' && !(region.kind === 'heap' && isMain)) return undefined;
    return new HeapRules(region, isMain);
  }

  /** Returns the size of the chunk whose header is at `at`; 0 if that is not a header. `start` is the bytes' address. */
  sizeAt(bytes: Buffer, at: number, start: bigint): number {
    const flags = flagsIn(bytes, at);
    if (flags & IS_MMAPPED || (this.isMain && flags & NON_MAIN_ARENA)) return 0;
    const size = sizeIn(bytes, at);
    const room = Number(this.end - start) - at;
    return isChunkSize(size) && size <= room ? size : 0;
  }

  /** Whether the chunk at `at` may follow one of `size` bytes: a header holds the size of a free chunk before it. */
  follows(bytes: Buffer, at: number, size: number): boolean {
    return (flagsIn(bytes, at) & PREV_INUSE) !== 0 || prevSizeIn(bytes, at) === size;
  }

  /**
   * Whether the chunk that ends at `address` is the last one: the memory ends there, or a fence or the zeros behind the top
   * chunk begin. `header`: the bytes there, if they are resident.
   */
  isEnd(address: bigint, header: Buffer | undefined): boolean {
    if (address === this.end) return true;
    const { size, flags } = header ? headerIn(header) : NOTHING;
    if ((flags & ~PREV_INUSE) !== 0) return false;
    return size === FENCE_SIZE || (size === 0 && address % PAGE === 0n);
  }
}

import type { Region } from '../../memory/region.ts';

// The flags of a head.
const PREV_INUSE = 1;
const NON_MAIN_ARENA = 4;
const FLAGS = 15;

const MIN_SIZE = 32;

/** What closes memory of an arena that was left for other memory: a chunk that is nothing but a head. */
const FENCE = 16n;

const PAGE = 4096n;

/** What heads of malloc chunks can be in the memory of one heap, or of brk. Places are offsets in some bytes of it. */
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

  /** Undefined where the region is none of glibc's. */
  static of(region: Region): HeapRules | undefined {
    const isMain = region.facts.arena === 'main';
    if (region.kind !== 'arena' && !(region.kind === 'heap' && isMain)) return undefined;
    return new HeapRules(region, isMain);
  }

  /** What the head says of its chunk's size; 0 where it is none. `start` is the address of the bytes. */
  sizeAt(bytes: Buffer, at: number, start: bigint): number {
    const low = bytes.readUInt32LE(at + 8);
    const flags = low & FLAGS;
    if (flags & ~(PREV_INUSE | NON_MAIN_ARENA) || (this.isMain && flags & NON_MAIN_ARENA)) return 0;
    const size = bytes.readUInt32LE(at + 12) * 2 ** 32 + low - flags;
    const room = Number(this.end - start) - at;
    return size >= MIN_SIZE && size <= room ? size : 0;
  }

  /** Whether the chunk at `at` may follow one of `size` bytes: it knows the size of one that is free. */
  follows(bytes: Buffer, at: number, size: number): boolean {
    if (bytes.readUInt32LE(at + 8) & PREV_INUSE) return true;
    return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32 === size;
  }

  /** Whether nothing follows what ends at `address`: memory does, or is closed there, or zeros are behind the top chunk. */
  isEnd(address: bigint, head: Buffer | undefined): boolean {
    const size = head ? head.readBigUInt64LE(8) & ~BigInt(PREV_INUSE) : 0n;
    return address === this.end || size === FENCE || (size === 0n && address % PAGE === 0n);
  }
}

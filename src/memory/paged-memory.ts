import type { Memory } from './memory.ts';

const PAGE = 4096;

/** Most pages in the cache: 16 MiB. */
const MOST_CACHED = 4096;

/** Numbers are exact up to here and faster than bigints; user space ends below. */
const MAX_ADDRESS = 2 ** 52;

/** Limits on how much is read of a target, whose pointers may lead on without end. */
export interface ReadBudget {
  /** Pages of 4 KiB read from the target; cached pages do not count. */
  readonly pages: number;
  /** Calls to read a value, cached or not: they end walks in circles. */
  readonly reads: number;
}

/**
 * Reads small values from a target's memory through a cache of whole pages, to follow the target's data structures. Once the
 * budget is spent, every page that is not cached counts as missing; once its reads are spent, all memory does.
 */
export class PagedMemory implements Memory {
  private readonly pages = new Map<number, Buffer | undefined>();
  private pagesLeft: number;
  private readsLeft: number;

  constructor(
    private readonly memory: Memory,
    { pages, reads }: ReadBudget,
  ) {
    this.pagesLeft = pages;
    this.readsLeft = reads;
  }

  /** Returns the `length` bytes at `address`; undefined if any is not resident or the budget is spent. */
  read(address: bigint, length: number): Buffer | undefined {
    const start = Number(address);
    // Reads of no memory count, too: they may be the steps of an endless walk.
    if (this.readsLeft-- <= 0 || start < 0 || start > MAX_ADDRESS) return undefined;
    const at = start % PAGE;
    if (at + length <= PAGE) return this.page(start - at)?.subarray(at, at + length);
    const parts = [...this.parts(start, length)];
    return parts.every((part) => part !== undefined) ? Buffer.concat(parts) : undefined;
  }

  /** Returns the `length` bytes at `address`, with zeros for pages that are not resident or beyond the budget. */
  readOrZeros(address: bigint, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    const start = Number(address);
    if (this.readsLeft-- <= 0 || start < 0 || start > MAX_ADDRESS) return bytes;
    let at = 0;
    for (const part of this.parts(start, length)) {
      part?.copy(bytes, at);
      at += part?.length ?? PAGE - ((start + at) % PAGE);
    }
    return bytes;
  }

  /** Returns the unsigned 64-bit little-endian word at `address`; undefined if it is not available. */
  word(address: bigint): bigint | undefined {
    const start = Number(address);
    const at = start % PAGE;
    // The common case makes no view of the bytes: tables have tens of thousands of words.
    if (start < 0 || start > MAX_ADDRESS || at + 8 > PAGE) return this.read(address, 8)?.readBigUInt64LE();
    return this.readsLeft-- > 0 ? this.page(start - at)?.readBigUInt64LE(at) : undefined;
  }

  /** Returns the signed 32-bit little-endian integer at `address`; undefined if it is not available. */
  int(address: bigint): number | undefined {
    return this.read(address, 4)?.readInt32LE();
  }

  /** Returns `count` 64-bit words from `address` on, or only those in the first page if the rest is not available. */
  words(address: bigint, count: number): bigint[] {
    const inPage = PAGE - (Number(address) % PAGE);
    const bytes = this.read(address, 8 * count) ?? this.read(address, Math.min(8 * count, inPage));
    const whole = Math.floor((bytes?.length ?? 0) / 8);
    return Array.from({ length: whole }, (_, i) => bytes!.readBigUInt64LE(8 * i));
  }

  /** Yields the bytes of a range page by page, in order; undefined for a page that is not available. */
  private *parts(start: number, length: number): Generator<Buffer | undefined> {
    const end = start + length;
    for (let at = start; at < end;) {
      const first = at - (at % PAGE);
      yield this.page(first)?.subarray(at - first, Math.min(end - first, PAGE));
      at = first + PAGE;
    }
  }

  private page(start: number): Buffer | undefined {
    const known = this.pages.get(start);
    if (known || this.pages.has(start) || this.pagesLeft <= 0) return known;
    this.pagesLeft--;
    const page = this.memory.read(BigInt(start), PAGE);
    if (this.pages.size === MOST_CACHED) this.pages.delete(this.pages.keys().next().value!);
    this.pages.set(start, page);
    return page;
  }
}

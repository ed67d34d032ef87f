import type { Memory } from './memory.ts';

const PAGE = 4096;

/** Pages that stay in memscan's memory: 16 MiB. */
const MOST_KEPT = 4096;

/** Numbers are exact up to here, and faster than bigints; user space ends below. */
const MAX_ADDRESS = 2 ** 52;

/** What a reader may read of a target at most, since a target may lead it on without end. */
export interface ReadBudget {
  /** Pages of 4 KiB that are read of the target, not those that are known already. */
  readonly pages: number;
  /** Values that are asked for, known or not; default: any number. */
  readonly reads?: number;
}

/**
 * Small pieces of a target's memory, for following what the target wrote there: each page is read as a whole and kept for a
 * while. Once the budget is spent, nothing is there any more.
 */
export class PagedMemory implements Memory {
  private readonly pages = new Map<number, Buffer | undefined>();
  private pagesLeft: number;
  private readsLeft: number;

  constructor(
    private readonly memory: Memory,
    { pages, reads = Infinity }: ReadBudget,
  ) {
    this.pagesLeft = pages;
    this.readsLeft = reads;
  }

  get isSpent(): boolean {
    return this.pagesLeft <= 0 || this.readsLeft <= 0;
  }

  /** The bytes at `address`; undefined where not all of them are in memory, or the budget is spent. */
  read(address: bigint, length: number): Buffer | undefined {
    const start = Number(address);
    if (start < 0 || start > MAX_ADDRESS || this.readsLeft-- <= 0) return undefined;
    const at = start % PAGE;
    if (at + length <= PAGE) return this.page(start - at)?.subarray(at, at + length);
    const parts = [...this.parts(start, length)];
    return parts.every((part) => part !== undefined) ? Buffer.concat(parts) : undefined;
  }

  /** The bytes at `address`, with zeros in the place of pages that are not in memory or beyond the budget. */
  readOrZeros(address: bigint, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    let at = 0;
    for (const part of this.parts(Number(address), length)) {
      part?.copy(bytes, at);
      at += part?.length ?? PAGE - ((Number(address) + at) % PAGE);
    }
    return bytes;
  }

  word(address: bigint): bigint | undefined {
    const start = Number(address);
    const at = start % PAGE;
    // The usual case, without a view of the bytes: tables have tens of thousands of words.
    if (start < 0 || start > MAX_ADDRESS || at + 8 > PAGE) return this.read(address, 8)?.readBigUInt64LE();
    return this.readsLeft-- > 0 ? this.page(start - at)?.readBigUInt64LE(at) : undefined;
  }

  int(address: bigint): number | undefined {
    return this.read(address, 4)?.readInt32LE();
  }

  /** The words from `address` on: `count`, or those up to the end of the page where the next one is not in memory. */
  words(address: bigint, count: number): bigint[] {
    const inPage = PAGE - (Number(address) % PAGE);
    const bytes = this.read(address, 8 * count) ?? this.read(address, Math.min(8 * count, inPage));
    const whole = Math.floor((bytes?.length ?? 0) / 8);
    return Array.from({ length: whole }, (_, i) => bytes!.readBigUInt64LE(8 * i));
  }

  /** What each page has of a range, in order; undefined for pages that are not there. */
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
    if (this.pages.size === MOST_KEPT) this.pages.delete(this.pages.keys().next().value!);
    this.pages.set(start, page);
    return page;
  }
}

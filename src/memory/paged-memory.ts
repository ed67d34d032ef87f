import type { Memory } from './memory.ts';

const PAGE = 4096;
/** A process that lies may lead from page to page: at some time it has led far enough (64 MiB). */
const MAX_PAGES = 16384;
/** Numbers are exact up to here, and faster than bigints; user space ends below. */
const MAX_ADDRESS = 2 ** 52;

/** Small values of a target's memory, each page of which is read once, and not too many. */
export class PagedMemory {
  private readonly pages = new Map<number, Buffer | undefined>();

  constructor(private readonly memory: Memory) {}

  /** Undefined where not all of them are in memory. At most a page. */
  bytes(address: bigint, length: number): Buffer | undefined {
    const start = Number(address);
    if (start < 0 || start > MAX_ADDRESS) return undefined;
    const at = start % PAGE;
    const page = this.page(start - at);
    if (!page || at + length <= PAGE) return page?.subarray(at, at + length);
    const next = this.page(start - at + PAGE);
    return next && Buffer.concat([page.subarray(at), next.subarray(0, at + length - PAGE)]);
  }

  word(address: bigint): bigint | undefined {
    const start = Number(address);
    const at = start % PAGE;
    if (start < 0 || start > MAX_ADDRESS || at + 8 > PAGE) return this.bytes(address, 8)?.readBigUInt64LE();
    return this.page(start - at)?.readBigUInt64LE(at);
  }

  int(address: bigint): number | undefined {
    return this.bytes(address, 4)?.readInt32LE();
  }

  /** As many words, of `count`, as are in memory. At most a page. */
  words(address: bigint, count: number): bigint[] {
    const inPage = PAGE - (Number(address) % PAGE);
    const bytes = this.bytes(address, 8 * count) ?? this.bytes(address, Math.min(8 * count, inPage));
    const whole = Math.floor((bytes?.length ?? 0) / 8);
    return Array.from({ length: whole }, (_, i) => bytes!.readBigUInt64LE(8 * i));
  }

  private page(start: number): Buffer | undefined {
    const known = this.pages.get(start);
    if (known || this.pages.has(start) || this.pages.size >= MAX_PAGES) return known;
    const page = this.memory.read(BigInt(start), PAGE);
    this.pages.set(start, page);
    return page;
  }
}

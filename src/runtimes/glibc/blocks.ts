import type { PagedMemory } from '../../memory/paged-memory.ts';
import { lower, type Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import { ALIGNMENT, BORROWED_LENGTH, HEADER_LENGTH, mmappedLength, readHeader } from './chunk.ts';
import { HeapRules } from './heap-rules.ts';

/**
 * Returns the malloc chunk, header included, that holds `address`, which lies in `region`; undefined if it cannot be determined.
 * The headers around the address locate the chunk: each leads to the next. The chunk may be free. With forged headers, the
 * result is a wrong chunk, but inside the region; the number of reads is bounded.
 * https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c;hb=glibc-2.42
 */
export function blockAround(address: bigint, region: Region, memory: PagedMemory): Range | undefined {
  if (region.kind === 'mmap-chunk') return mappedBlock(region, memory);
  const rules = HeapRules.of(region);
  if (!rules) return undefined;
  for (const length of WINDOWS) {
    const window = readWindow(address, BigInt(length), region, memory);
    const start = headerBefore(window, address, rules);
    const end = start === undefined ? undefined : endOf(start, rules, memory);
    if (end !== undefined) return { start: start!, end };
    if (window.start === region.start) break;
  }
  return undefined;
}

/** Bytes to read before an address, tried in order. The last is for neighbours just below the size of a mapping. */
const WINDOWS = [4 << 10, 32 << 10, 512 << 10];

/** How many headers in a row must lead to the chunk, and how many must follow it. */
const BEFORE = 3;
const AFTER = 3;

const PAGE = 4096n;

function mappedBlock({ start, end }: Region, memory: PagedMemory): Range | undefined {
  const header = readHeader(memory, start);
  return header && mmappedLength(header) === Number(end - start) ? { start, end } : undefined;
}

/** Memory up to the end of a header. Pages that are not resident are zeros, which never form a header. */
interface Window {
  readonly start: bigint;
  readonly bytes: Buffer;
}

function readWindow(address: bigint, length: bigint, region: Region, memory: PagedMemory): Window {
  const wanted = address - (address % PAGE) - length;
  const start = wanted > region.start ? wanted : region.start;
  const end = lower(address + BigInt(HEADER_LENGTH), region.end);
  const bytes = Buffer.alloc(Number(address - start) + HEADER_LENGTH);
  memory.readOrZeros(start, Number(end - start)).copy(bytes);
  return { start, bytes };
}

/** Returns the header to which most others lead, among those whose chunk holds the address. */
function headerBefore({ start, bytes }: Window, address: bigint, rules: HeapRules): bigint | undefined {
  const wanted = Number(address - start);
  // For each multiple of 16: how many headers in a row lead to it.
  const leading = new Uint32Array(bytes.length / ALIGNMENT + 1);
  let best: number | undefined;
  for (let at = 0; at + HEADER_LENGTH <= wanted; at += ALIGNMENT) {
    const size = rules.sizeAt(bytes, at, start);
    if (size === 0) continue;
    const next = at + size;
    const count = leading[at / ALIGNMENT]!;
    if (next + BORROWED_LENGTH > wanted) {
      if (best === undefined || count > leading[best / ALIGNMENT]!) best = at;
    } else if (rules.follows(bytes, next, size)) {
      leading[next / ALIGNMENT] = Math.max(leading[next / ALIGNMENT]!, count + 1);
    }
  }
  const isKnown = best !== undefined && (leading[best / ALIGNMENT]! >= BEFORE || start === rules.start);
  return isKnown ? start + BigInt(best!) : undefined;
}

/** Returns the chunk's end, if valid chunks follow it. */
function endOf(start: bigint, rules: HeapRules, memory: PagedMemory): bigint | undefined {
  const ends: bigint[] = [];
  let header = memory.read(start, HEADER_LENGTH);
  for (let at = start; header && ends.length <= AFTER;) {
    const size = rules.sizeAt(header, 0, at);
    if (size === 0) return undefined;
    ends.push((at += BigInt(size)));
    header = memory.read(at, HEADER_LENGTH);
    if (rules.isEnd(at, header)) return ends[0];
    if (!header || !rules.follows(header, 0, size)) return undefined;
  }
  return ends[0];
}

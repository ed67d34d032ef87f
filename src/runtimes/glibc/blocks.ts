import type { Memory } from '../../memory/memory.ts';
import type { Range } from '../../memory/ranges.ts';
import type { Region } from '../../memory/region.ts';
import { firstHead, mmappedLength } from './chunks.ts';
import { HeapRules } from './heap-rules.ts';

/**
 * The malloc chunk, head included, that memory at `address` lies in, which `region` holds; undefined where that cannot be
 * told. Nothing but its neighbours' heads tells it: each leads to the next. It may have been freed since the text was
 * written. What the target has made up leads to a wrong chunk inside the region, and costs a bounded number of reads.
 * https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c;hb=glibc-2.42
 */
export function blockAround(address: bigint, region: Region, memory: Memory): Range | undefined {
  if (region.kind === 'mmap-chunk') return mappedBlock(region, memory);
  const rules = HeapRules.of(region);
  if (!rules) return undefined;
  for (const length of WINDOWS) {
    const window = readWindow(address, BigInt(length), region, memory);
    const start = headBefore(window, address, rules);
    const end = start === undefined ? undefined : endOf(start, rules, memory);
    if (end !== undefined) return { start: start!, end };
    if (window.start === region.start) break;
  }
  return undefined;
}

/** Bytes looked at before an address: the first does for most, the last for neighbours that are nearly mappings. */
const WINDOWS = [4 << 10, 32 << 10, 512 << 10];

/** Heads in a row that are to lead to the one that is meant, and on from it. */
const BEFORE = 3;
const AFTER = 3;

const ALIGNMENT = 16;
const PAGE = 4096n;

/** From a chunk to its memory; the memory goes on so far into the next chunk. */
const HEAD_LENGTH = 16;
const SHARED = 8;

function mappedBlock({ start, end }: Region, memory: Memory): Range | undefined {
  const head = firstHead(memory, start);
  return head !== undefined && mmappedLength(head) === end - start ? { start, end } : undefined;
}

/** Memory up to the end of a head; zeros where it is not to be had, which are no heads. */
interface Window {
  readonly start: bigint;
  readonly bytes: Buffer;
}

function readWindow(address: bigint, length: bigint, region: Region, memory: Memory): Window {
  const wanted = address - (address % PAGE) - length;
  const start = wanted > region.start ? wanted : region.start;
  const bytes = Buffer.alloc(Number(address - start) + HEAD_LENGTH);
  for (let at = start; at < address; at += PAGE) {
    const left = region.end - at;
    memory.read(at, Number(left < PAGE ? left : PAGE))?.copy(bytes, Number(at - start));
  }
  return { start, bytes };
}

/** Of the heads whose chunk holds the address, the one to which the most lead. */
function headBefore({ start, bytes }: Window, address: bigint, rules: HeapRules): bigint | undefined {
  const wanted = Number(address - start);
  // Of each place, how many heads lead to it.
  const leading = new Uint32Array(bytes.length / ALIGNMENT + 1);
  let best: number | undefined;
  for (let at = 0; at + HEAD_LENGTH <= wanted; at += ALIGNMENT) {
    const size = rules.sizeAt(bytes, at, start);
    if (size === 0) continue;
    const next = at + size;
    const count = leading[at / ALIGNMENT]!;
    if (next + SHARED > wanted) {
      if (best === undefined || count > leading[best / ALIGNMENT]!) best = at;
    } else if (rules.follows(bytes, next, size)) {
      leading[next / ALIGNMENT] = Math.max(leading[next / ALIGNMENT]!, count + 1);
    }
  }
  const isKnown = best !== undefined && (leading[best / ALIGNMENT]! >= BEFORE || start === rules.start);
  return isKnown ? start + BigInt(best!) : undefined;
}

/** Where the chunk ends, if those that follow it are such. */
function endOf(start: bigint, rules: HeapRules, memory: Memory): bigint | undefined {
  const ends: bigint[] = [];
  let head = memory.read(start, HEAD_LENGTH);
  for (let at = start; head && ends.length <= AFTER;) {
    const size = rules.sizeAt(head, 0, at);
    if (size === 0) return undefined;
    ends.push((at += BigInt(size)));
    head = memory.read(at, HEAD_LENGTH);
    if (rules.isEnd(at, head)) return ends[0];
    if (!head || !rules.follows(head, 0, size)) return undefined;
  }
  return ends[0];
}

import { DEFAULT_MIN } from '../base/defaults.ts';
import { ENCODINGS } from '../base/encodings.ts';
import { PagedMemory } from '../memory/paged-memory.ts';
import type { Range } from '../memory/ranges.ts';
import type { RegionKind } from '../memory/region.ts';
import { addon } from '../native/addon.ts';
import { TAIL_CONTEXT } from '../native/constants.ts';
import type { NativeSample } from '../native/content.ts';
import { chooseKernel } from '../native/kernels.ts';
import type { NativeScan } from '../native/strings.ts';
import { loadTables } from '../native/tables.ts';
import { blockAround } from '../runtimes/glibc/blocks.ts';
import { BORROWED_LENGTH, HEADER_LENGTH } from '../runtimes/glibc/chunk.ts';
import { encodingsOf } from '../scan/encodings.ts';
import type { ScanOptions } from '../scan/scan.ts';
import type { Target } from '../targets/target.ts';
import type { Family } from './family.ts';

/** A family, and some of its strings, chosen at random. */
export interface Sampled {
  readonly family: Family;
  readonly samples: readonly Pick<NativeSample, 'address' | 'length'>[];
}

/** Maximum number of families examined. */
const MOST_FAMILIES = 100;

/** Memory read for all families together: 32 MiB. */
const BUDGET = { pages: 8192, reads: 1 << 20 };

/** A longer block is not searched for other strings; it counts if one string fills it. */
const LONGEST_BLOCK = 1 << 20;
const FILLED = 0.9;

/** Minimum share of a family's bytes that must lie in malloc's memory. */
const LEAST_SHARE = 0.9;

const MALLOC: ReadonlySet<RegionKind> = new Set(['heap', 'arena', 'mmap-chunk']);

/**
 * Estimates, for each family, how many bytes the malloc blocks take that hold its strings, headers included. A block
 * that also holds other strings counts in proportion to the bytes of text. A family is missing if fewer than half of
 * its samples have a known block.
 */
export function blocksOf(
  target: Target,
  options: Pick<ScanOptions, 'min' | 'encoding'>,
  sampled: readonly Sampled[],
): ReadonlyMap<Family, number> {
  const memory = new PagedMemory(target, BUDGET);
  const scan = scanFor(options);
  const blocks = new Map<Family, number>();
  for (const { family, samples } of sampled.slice(0, MOST_FAMILIES)) {
    if (!isOfMalloc(family)) continue;
    const known = samples.flatMap((sample) => partOf(sample, target, memory, scan) ?? []);
    if (known.length > 0 && 2 * known.length >= samples.length)
      blocks.set(family, Math.round(family.bytes * ratioOf(known)));
  }
  return blocks;
}

const ratioOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, { block }) => sum + block, 0) / parts.reduce((sum, { text }) => sum + text, 0);

const isOfMalloc = ({ bytes, locations }: Family): boolean =>
  locations.reduce((sum, { kind, bytes }) => sum + (MALLOC.has(kind) ? bytes : 0), 0) >= LEAST_SHARE * bytes;

/** Finds strings as the scan that found the families did, but in memory that was already read. */
function scanFor({ min = DEFAULT_MIN, encoding }: Pick<ScanOptions, 'min' | 'encoding'>): NativeScan {
  loadTables();
  const names = new Set(['ascii', 'utf8', ...encodingsOf(encoding)]);
  return new addon.Scan({
    kernel: chooseKernel(),
    encodings: [...ENCODINGS.keys()].filter((index) => names.has(ENCODINGS[index]!)),
    minLength: min,
    conditions: [],
    unmet: false,
    output: 'records',
  });
}

/** Bytes of a string, and the part of its block that belongs to it. */
interface Part {
  readonly text: number;
  readonly block: number;
}

function partOf(
  { address, length }: Pick<NativeSample, 'address' | 'length'>,
  target: Target,
  memory: PagedMemory,
  scan: NativeScan,
): Part | undefined {
  const region = target.regionAt(address);
  const block = region && blockAround(address, region, memory);
  if (!block) return undefined;
  const size = Number(block.end - block.start);
  const end = block.end + BigInt(region.kind === 'mmap-chunk' ? 0 : BORROWED_LENGTH);
  const text = Math.min(length, Number(end - address));
  if (size > LONGEST_BLOCK) return text >= FILLED * size ? { text, block: size } : undefined;
  const all = textIn({ start: block.start + BigInt(HEADER_LENGTH), end }, memory, scan);
  return { text, block: (size * text) / Math.max(text, all) };
}

/** Bytes of all strings in a range. */
function textIn({ start, end }: Range, memory: PagedMemory, scan: NativeScan): number {
  const bytes = Buffer.concat([Buffer.alloc(TAIL_CONTEXT), memory.readOrZeros(start, Number(end - start))]);
  const { records } = scan.runJoined(bytes, start, false, Number.MAX_SAFE_INTEGER);
  return records!.lengths.reduce((sum, length) => sum + length, 0);
}

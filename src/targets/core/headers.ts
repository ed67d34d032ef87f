import {
  type Architecture,
  architectureOf,
  ET_CORE,
  HEADER_BYTES,
  MOST_SEGMENTS,
  PN_XNUM,
  PROGRAM_HEADER_BYTES,
  PT_LOAD,
  PT_NOTE,
  SECTION_HEADER_BYTES,
  SEGMENT_FLAGS,
} from '../../elf/core-format.ts';
import { byStart, lower, type Range } from '../../memory/ranges.ts';
import type { BytesOfFile } from './bytes-of-file.ts';

/** Memory that a core tells of. */
export interface CoreSegment extends Range {
  /** Three letters, as in maps. */
  readonly perms: string;
  /** Up to here its bytes are in the file, from `offset` on. */
  readonly storedEnd: bigint;
  readonly offset: bigint;
  /** Up to here they should be: a core that was cut short has less. */
  readonly wantedEnd: bigint;
}

export interface CoreHeaders {
  readonly architecture: Architecture;
  /** In order of addresses, apart. */
  readonly segments: readonly CoreSegment[];
  /** Where notes are in the file. */
  readonly notes: readonly { readonly offset: number; readonly length: number }[];
}

/**
 * Reads a core's headers. Undefined for what is no ELF core of 64 bits, or one whose headers make no sense: anybody can
 * write a file, so all numbers in it are taken for what they may be, and their sum is bounded by the file's size.
 */
export function readCoreHeaders(file: BytesOfFile): CoreHeaders | undefined {
  const header = file.read(0, HEADER_BYTES);
  const isCore =
    header?.toString('latin1', 0, 7) === '\x7fELF\x02\x01\x01' && header.readUInt16LE(16) === ET_CORE;
  const architecture = isCore ? architectureOf(header.readUInt16LE(18)) : undefined;
  if (!header || !architecture || header.readUInt16LE(54) !== PROGRAM_HEADER_BYTES) return undefined;
  const table = programHeaders(file, Number(header.readBigUInt64LE(32)), countOf(file, header));
  if (!table) return undefined;
  const segments = inOrder(table.segments);
  const stored = segments.reduce((sum, { start, storedEnd }) => sum + storedEnd - start, 0n);
  // Were the same bytes told to be at many addresses, a small file would be an endless scan.
  if (segments.length === 0 || stored > BigInt(file.size)) return undefined;
  return { architecture, segments, notes: table.notes };
}

function countOf(file: BytesOfFile, header: Buffer): number {
  const count = header.readUInt16LE(56);
  if (count !== PN_XNUM) return count;
  const section = file.read(Number(header.readBigUInt64LE(40)), SECTION_HEADER_BYTES);
  return section?.readUInt32LE(44) ?? 0;
}

function programHeaders(
  file: BytesOfFile,
  offset: number,
  count: number,
): Pick<CoreHeaders, 'segments' | 'notes'> | undefined {
  if (count > MOST_SEGMENTS) return undefined;
  const segments: CoreSegment[] = [];
  const notes: { offset: number; length: number }[] = [];
  for (let i = 0; i < count; i++) {
    const header = file.read(offset + i * PROGRAM_HEADER_BYTES, PROGRAM_HEADER_BYTES);
    if (!header) return undefined;
    const type = header.readUInt32LE(0);
    const segment = type === PT_LOAD ? segmentOf(header, BigInt(file.size)) : undefined;
    if (segment) segments.push(segment);
    if (type === PT_NOTE) {
      notes.push({ offset: Number(header.readBigUInt64LE(8)), length: Number(header.readBigUInt64LE(32)) });
    }
  }
  return { segments, notes };
}

/** Addresses end here: what goes on beyond is none. */
const LAST_ADDRESS = 2n ** 64n - 1n;

function segmentOf(header: Buffer, fileSize: bigint): CoreSegment | undefined {
  const [offset, start, , fileLength, length] = [8, 16, 24, 32, 40].map((at) =>
    header.readBigUInt64LE(at),
  ) as [bigint, bigint, bigint, bigint, bigint];
  const end = start + length;
  if (length === 0n || end > LAST_ADDRESS) return undefined;
  const wanted = lower(fileLength, length);
  const stored = lower(wanted, offset < fileSize ? fileSize - offset : 0n);
  const flags = header.readUInt32LE(4);
  const perms = SEGMENT_FLAGS.map(([bit, letter]) => (flags & bit ? letter : '-')).join('');
  return { start, end, perms, storedEnd: start + stored, offset, wantedEnd: start + wanted };
}
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Where segments overlap, the one that begins first has the memory. */
function inOrder(segments: readonly CoreSegment[]): CoreSegment[] {
  const apart: CoreSegment[] = [];
  let end = 0n;
  for (const segment of segments.toSorted(byStart)) {
    if (segment.end <= end) continue;
    apart.push(segment.start < end ? from(segment, end) : segment);
    end = segment.end;
  }
  return apart;
}

const from = (segment: CoreSegment, start: bigint): CoreSegment => ({
  ...segment,
  start,
  storedEnd: max(segment.storedEnd, start),
  wantedEnd: max(segment.wantedEnd, start),
  offset: segment.offset + (start - segment.start),
});

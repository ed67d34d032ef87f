import type { ByteSource } from '../../elf/file-bytes.ts';
import {
  type Architecture,
  architectureOf,
  ET_CORE,
  MOST_SEGMENTS,
  PT_LOAD,
  PT_NOTE,
  SEGMENT_FLAGS,
} from '../../elf/format.ts';
import { readElfHeader, type Segment, segmentsOf } from '../../elf/headers.ts';
import type { NoteSegment } from '../../elf/notes.ts';
import { byStart, higher, lower, type Range } from '../../memory/ranges.ts';

/** Memory that a core describes. */
export interface CoreSegment extends Range {
  /** Three letters as in maps, such as `rw-`. */
  readonly perms: string;
  /** The address up to which its bytes are in the file, from `offset` on. */
  readonly storedEnd: bigint;
  readonly offset: bigint;
  /** The address up to which its bytes should be in the file. A truncated core has fewer. */
  readonly wantedEnd: bigint;
}

export interface CoreHeaders {
  readonly architecture: Architecture;
  /** In order of addresses, apart. */
  readonly segments: readonly CoreSegment[];
  /** Offsets and lengths of notes in the file, in bytes. */
  readonly notes: readonly NoteSegment[];
}

/**
 * Reads a core's headers. Returns undefined if the file is not a 64-bit core of a supported architecture, or its headers are not
 * valid. Since anybody can write a file, all numbers are bounded, and the sum of stored memory by the file's size.
 */
export function readCoreHeaders(file: ByteSource): CoreHeaders | undefined {
  const header = readElfHeader(file);
  const architecture = header?.type === ET_CORE ? architectureOf(header.machine) : undefined;
  if (!header || !architecture || header.programHeaders.count > MOST_SEGMENTS) return undefined;
  const all = [...segmentsOf(file, header)];
  if (all.length < header.programHeaders.count) return undefined;
  const segments = inOrder(
    all
      .filter(({ type }) => type === PT_LOAD)
      .flatMap((segment) => segmentOf(segment, BigInt(file.size)) ?? []),
  );
  const stored = segments.reduce((sum, { start, storedEnd }) => sum + storedEnd - start, 0n);
  // Otherwise a small file could map the same bytes at many addresses, and its scan would not end.
  if (segments.length === 0 || stored > BigInt(file.size)) return undefined;
  const notes = all
    .filter(({ type }) => type === PT_NOTE)
    .map(({ offset, fileLength }) => ({ offset: Number(offset), length: Number(fileLength) }));
  return { architecture, segments, notes };
}

/** The highest end of a segment. */
const LAST_ADDRESS = 2n ** 64n - 1n;

function segmentOf(segment: Segment, fileSize: bigint): CoreSegment | undefined {
  const { address: start, offset, fileLength, length, flags } = segment;
  const end = start + length;
  if (length === 0n || end > LAST_ADDRESS) return undefined;
  const wanted = lower(fileLength, length);
  const stored = lower(wanted, offset < fileSize ? fileSize - offset : 0n);
  const perms = SEGMENT_FLAGS.map(([bit, letter]) => (flags & bit ? letter : '-')).join('');
  return { start, end, perms, storedEnd: start + stored, offset, wantedEnd: start + wanted };
}

/** Sorts segments. Where they overlap, the one that begins first keeps the memory. */
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
  storedEnd: higher(segment.storedEnd, start),
  wantedEnd: higher(segment.wantedEnd, start),
  offset: segment.offset + (start - segment.start),
});

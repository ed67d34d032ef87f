import type { ByteSource } from './file-bytes.ts';
import { HEADER_BYTES, PN_XNUM, PROGRAM_HEADER_BYTES, SECTION_HEADER_BYTES } from './format.ts';

/** The header of a little-endian ELF64 file. Any number in it may be forged. */
export interface ElfHeader {
  /** File type, such as ET_CORE. */
  readonly type: number;
  readonly machine: number;
  readonly programHeaders: Table;
  readonly sectionHeaders: Table;
}

interface Table {
  /** Offset in the file, in bytes. */
  readonly offset: number;
  readonly count: number;
}

/** A program header, elf(5). */
export interface Segment {
  /** Segment type, such as PT_LOAD. */
  readonly type: number;
  /** Bits as in SEGMENT_FLAGS. */
  readonly flags: number;
  readonly offset: bigint;
  readonly address: bigint;
  /** Bytes in the file. */
  readonly fileLength: bigint;
  /** Bytes in memory. */
  readonly length: bigint;
}

/** A section header, elf(5). */
export interface Section {
  /** Section type, such as SHT_DYNSYM. */
  readonly type: number;
  readonly offset: bigint;
  readonly length: bigint;
  /** Index of an associated section. */
  readonly link: number;
}

/** Reads the ELF header. Returns undefined unless the file is little-endian ELF64. */
export function readElfHeader(file: ByteSource): ElfHeader | undefined {
  const header = file.read(0, HEADER_BYTES);
  if (header?.toString('latin1', 0, 7) !== '\x7fELF\x02\x01\x01') return undefined;
  if (header.readUInt16LE(54) !== PROGRAM_HEADER_BYTES) return undefined;
  const sections = { offset: offsetIn(header, 40), count: header.readUInt16LE(60) };
  return {
    type: header.readUInt16LE(16),
    machine: header.readUInt16LE(18),
    programHeaders: {
      offset: offsetIn(header, 32),
      count: programHeaderCount(file, header.readUInt16LE(56), sections.offset),
    },
    sectionHeaders: sections,
  };
}

/** Numbers are exact up to here and faster than bigints. No file is this long. */
export const EXACT = 2 ** 52;

const offsetIn = (header: Buffer, at: number): number => Math.min(Number(header.readBigUInt64LE(at)), EXACT);

function programHeaderCount(file: ByteSource, count: number, sections: number): number {
  if (count !== PN_XNUM) return count;
  return file.read(sections, SECTION_HEADER_BYTES)?.readUInt32LE(44) ?? 0;
}

/** Yields the program headers in order, up to the first that is outside of the file. */
export function* segmentsOf(file: ByteSource, { programHeaders }: ElfHeader): Generator<Segment> {
  for (const entry of entriesOf(file, programHeaders, PROGRAM_HEADER_BYTES)) {
    yield {
      type: entry.readUInt32LE(0),
      flags: entry.readUInt32LE(4),
      offset: entry.readBigUInt64LE(8),
      address: entry.readBigUInt64LE(16),
      fileLength: entry.readBigUInt64LE(32),
      length: entry.readBigUInt64LE(40),
    };
  }
}

/** Yields the section headers in order, up to the first that is outside of the file. */
export function* sectionsOf(file: ByteSource, { sectionHeaders }: ElfHeader): Generator<Section> {
  for (const entry of entriesOf(file, sectionHeaders, SECTION_HEADER_BYTES)) {
    yield {
      type: entry.readUInt32LE(4),
      offset: entry.readBigUInt64LE(24),
      length: entry.readBigUInt64LE(32),
      link: entry.readUInt32LE(40),
    };
  }
}

function* entriesOf(file: ByteSource, { offset, count }: Table, size: number): Generator<Buffer> {
  for (let i = 0; i < count; i++) {
    const entry = file.read(offset + i * size, size);
    if (!entry) return;
    yield entry;
  }
}

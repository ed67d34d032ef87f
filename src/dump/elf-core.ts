// Encodes the structures of a core. Program headers come after the memory, since their number is known only when the memory has
// been written.
import {
  type Architecture,
  ET_CORE,
  HEADER_BYTES,
  PN_XNUM,
  PROGRAM_HEADER_BYTES,
  PT_LOAD,
  PT_NOTE,
  SECTION_HEADER_BYTES,
  SEGMENT_FLAGS,
} from '../elf/format.ts';
import type { Range } from '../memory/ranges.ts';

/** A segment of memory. Only its beginning may be in the file. */
export interface Segment extends Range {
  /** At least three letters as in maps, such as `rw-`. */
  readonly perms: string;
  /** Offset of its bytes in the file. */
  readonly offset: number;
  /** How many of its bytes are in the file. */
  readonly stored: bigint;
}

/** Collects program headers. */
export class ProgramHeaders {
  /** Headers per buffer. */
  private static readonly PER_BUFFER = 4096;
  private readonly buffers: Buffer[] = [];
  count = 0;

  constructor(private readonly pageSize: number) {}

  addNotes(offset: number, length: number): void {
    this.add(PT_NOTE, 0, BigInt(offset), 0n, BigInt(length), 0n, 4n);
  }

  addMemory({ start, end, perms, offset, stored }: Segment): void {
    const flags = SEGMENT_FLAGS.reduce((bits, [bit, letter]) => bits | (perms.includes(letter) ? bit : 0), 0);
    this.add(PT_LOAD, flags, BigInt(offset), start, stored, end - start, BigInt(this.pageSize));
  }

  /** Encodes all headers. */
  bytes(): Buffer {
    return Buffer.concat(this.buffers, this.count * PROGRAM_HEADER_BYTES);
  }

  // p_type, p_flags, p_offset, p_vaddr, p_paddr (0), p_filesz, p_memsz, p_align
  private add(
    type: number,
    flags: number,
    offset: bigint,
    start: bigint,
    fileSize: bigint,
    memorySize: bigint,
    align: bigint,
  ): void {
    const index = this.count++ % ProgramHeaders.PER_BUFFER;
    if (index === 0) this.buffers.push(Buffer.alloc(ProgramHeaders.PER_BUFFER * PROGRAM_HEADER_BYTES));
    const buffer = this.buffers.at(-1)!;
    const at = index * PROGRAM_HEADER_BYTES;
    buffer.writeUInt32LE(type, at);
    buffer.writeUInt32LE(flags, at + 4);
    buffer.writeBigUInt64LE(offset, at + 8);
    buffer.writeBigUInt64LE(start, at + 16);
    buffer.writeBigUInt64LE(fileSize, at + 32);
    buffer.writeBigUInt64LE(memorySize, at + 40);
    buffer.writeBigUInt64LE(align, at + 48);
  }
}

/** Offsets of tables in the file. */
export interface Tables {
  readonly programHeaders: number;
  /** Offset of the section header that counts 65,535 or more program headers; ignored with fewer. */
  readonly sectionHeader: number;
}

/** Whether the number of program headers needs a section header (PN_XNUM). */
export const needsSectionHeader = (programHeaders: number): boolean => programHeaders >= PN_XNUM;

/** Encodes the ELF header. */
export function elfHeader({ machine }: Architecture, count: number, tables: Tables): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const hasSection = needsSectionHeader(count);
  header.write('\x7fELF\x02\x01\x01', 'latin1'); // 64-bit, little-endian, version 1
  header.writeUInt16LE(ET_CORE, 16);
  header.writeUInt16LE(machine, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(tables.programHeaders), 32);
  header.writeBigUInt64LE(BigInt(hasSection ? tables.sectionHeader : 0), 40);
  header.writeUInt16LE(HEADER_BYTES, 52);
  header.writeUInt16LE(PROGRAM_HEADER_BYTES, 54);
  header.writeUInt16LE(hasSection ? PN_XNUM : count, 56);
  header.writeUInt16LE(SECTION_HEADER_BYTES, 58);
  header.writeUInt16LE(hasSection ? 1 : 0, 60);
  return header;
}

/** Encodes section header 0, of type SHT_NULL: sh_size counts section headers, sh_info program headers. */
export function countingSectionHeader(programHeaders: number): Buffer {
  const header = Buffer.alloc(SECTION_HEADER_BYTES);
  header.writeBigUInt64LE(1n, 32);
  header.writeUInt32LE(programHeaders, 44);
  return header;
}

/** Encodes a note: sizes of name and content, type, then name and content, each padded to 4 bytes. */
export function note(name: string, type: number, content: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(name.length + 1, 0);
  header.writeUInt32LE(content.length, 4);
  header.writeUInt32LE(type, 8);
  return Buffer.concat([header, padded(Buffer.from(`${name}\0`, 'latin1')), padded(content)]);
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

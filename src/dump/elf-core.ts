// The format of a core, bytes out of plain data. Program headers stand behind the memory: how many there are is known
// when it has been written.
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

/** Memory: what the file has of it is its beginning. */
export interface Segment extends Range {
  /** Three letters at least, as in maps. */
  readonly perms: string;
  /** Where its bytes are in the file, and how many: 0 = none. */
  readonly offset: number;
  readonly stored: bigint;
}

/** Program headers, as they come. */
export class ProgramHeaders {
  private static readonly BLOCK = 4096;
  private readonly blocks: Buffer[] = [];
  count = 0;

  constructor(private readonly pageSize: number) {}

  addNotes(offset: number, length: number): void {
    this.add(PT_NOTE, 0, BigInt(offset), 0n, BigInt(length), 0n, 4n);
  }

  addMemory({ start, end, perms, offset, stored }: Segment): void {
    const flags = SEGMENT_FLAGS.reduce((bits, [bit, letter]) => bits | (perms.includes(letter) ? bit : 0), 0);
    this.add(PT_LOAD, flags, BigInt(offset), start, stored, end - start, BigInt(this.pageSize));
  }

  /** All of them. */
  bytes(): Buffer {
    return Buffer.concat(this.blocks, this.count * PROGRAM_HEADER_BYTES);
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
    const index = this.count++ % ProgramHeaders.BLOCK;
    if (index === 0) this.blocks.push(Buffer.alloc(ProgramHeaders.BLOCK * PROGRAM_HEADER_BYTES));
    const block = this.blocks.at(-1)!;
    const at = index * PROGRAM_HEADER_BYTES;
    block.writeUInt32LE(type, at);
    block.writeUInt32LE(flags, at + 4);
    block.writeBigUInt64LE(offset, at + 8);
    block.writeBigUInt64LE(start, at + 16);
    block.writeBigUInt64LE(fileSize, at + 32);
    block.writeBigUInt64LE(memorySize, at + 40);
    block.writeBigUInt64LE(align, at + 48);
  }
}

/** Where the tables are in the file. */
export interface Tables {
  readonly programHeaders: number;
  /** Where 65,535 program headers or more need a section header to count them; else it is not there. */
  readonly sectionHeader: number;
}

export const needsSectionHeader = (programHeaders: number): boolean => programHeaders >= PN_XNUM;

/** The beginning of the file. */
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

/** Section header 0, of type SHT_NULL: sh_size is the number of section headers, sh_info that of program headers. */
export function countingSectionHeader(programHeaders: number): Buffer {
  const header = Buffer.alloc(SECTION_HEADER_BYTES);
  header.writeBigUInt64LE(1n, 32);
  header.writeUInt32LE(programHeaders, 44);
  return header;
}

/** A note: sizes of name and content, type, then both, each filled up to 4 bytes. */
export function note(name: string, type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(name.length + 1, 0);
  head.writeUInt32LE(content.length, 4);
  head.writeUInt32LE(type, 8);
  return Buffer.concat([head, filled(Buffer.from(`${name}\0`, 'latin1')), filled(content)]);
}

const filled = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

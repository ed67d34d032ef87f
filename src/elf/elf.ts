/** Bytes of a file from `offset` on: fewer than `length` at its end, none where it cannot be read. */
export type ReadAt = (offset: number, length: number) => Buffer;

/** An ELF file. Addresses are those the file numbers its contents by: where it is mapped, a fixed bias is added. */
export interface Elf {
  /** The address at which the byte at `offset` of the file is mapped. */
  addressOf(offset: bigint): bigint | undefined;
  /** Addresses of those of the `wanted` symbols that .dynsym defines. */
  symbols(wanted: ReadonlySet<string>): ReadonlyMap<string, bigint>;
  /** The text (Latin-1) that ends with the first NUL from `address` on; undefined where it is none, or long. */
  textAt(address: bigint): string | undefined;
}

interface Segment {
  readonly offset: number;
  readonly address: number;
  readonly length: number;
}

interface Section {
  readonly type: number;
  readonly offset: bigint;
  readonly size: bigint;
  readonly link: number;
}

// Sizes of ELF64's structures and the values that matter here: elf(5).
const HEADER = { size: 64, class64: 2, littleEndian: 1 } as const;
const SEGMENT = { size: 56, typeLoad: 1 } as const;
const SECTION = { size: 64, typeDynsym: 11 } as const;
const SYMBOL_SIZE = 24;

// What is read at most, whatever the file claims: it may lie. A libjvm.so has 15 KB of symbols and 1 MB of text.
const MAX_SECTIONS = 4096;
const MAX_TABLE = 1 << 18;
const MAX_NAME = 256;
const BLOCK = 1 << 16;
const MAX_BLOCKS = 256;
/** Numbers are exact up to here, and faster than bigints: of what lies beyond, nothing is read. */
const EXACT = 2 ** 52;

/** Reads the headers of a 64-bit little-endian ELF file; undefined where it is none. */
export function readElf(read: ReadAt): Elf | undefined {
  const header = read(0, HEADER.size);
  if (header.length < HEADER.size || header.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  if (header[4] !== HEADER.class64 || header[5] !== HEADER.littleEndian) return undefined;
  const segments = readSegments(read, header);
  const textOf = textReader(read);
  return {
    addressOf(offset) {
      const address = shifted(segments, Number(offset), 'offset', 'address');
      return address === undefined ? undefined : BigInt(address);
    },
    symbols: (wanted) => readSymbols(read, header, wanted),
    textAt(address) {
      const offset = shifted(segments, Number(address), 'address', 'offset');
      return offset === undefined ? undefined : textOf(offset);
    },
  };
}

function readSegments(read: ReadAt, header: Buffer): Segment[] {
  return readEntries(read, header.readBigUInt64LE(32), SEGMENT.size, header.readUInt16LE(56))
    .filter((entry) => entry.readUInt32LE(0) === SEGMENT.typeLoad)
    .map((entry) => ({
      offset: Number(entry.readBigUInt64LE(8)),
      address: Number(entry.readBigUInt64LE(16)),
      length: Number(entry.readBigUInt64LE(32)),
    }))
    .filter(({ offset, address, length }) => offset + length <= EXACT && address + length <= EXACT);
}

/** The other coordinate of what the segments hold. */
function shifted(
  segments: readonly Segment[],
  value: number,
  from: 'offset' | 'address',
  to: 'offset' | 'address',
): number | undefined {
  for (const segment of segments) {
    const at = value - segment[from];
    if (at >= 0 && at < segment.length) return segment[to] + at;
  }
  return undefined;
}

function readSymbols(read: ReadAt, header: Buffer, wanted: ReadonlySet<string>): ReadonlyMap<string, bigint> {
  const count = Math.min(header.readUInt16LE(60), MAX_SECTIONS);
  const sections = readEntries(read, header.readBigUInt64LE(40), SECTION.size, count).map(parseSection);
  const dynsym = sections.find(({ type }) => type === SECTION.typeDynsym);
  const dynstr = dynsym && sections[dynsym.link];
  const found = new Map<string, bigint>();
  if (!dynstr) return found;
  const names = readTable(read, dynstr);
  for (const symbol of entriesOf(readTable(read, dynsym), SYMBOL_SIZE)) {
    const name = textIn(names, symbol.readUInt32LE(0));
    const isDefined = symbol.readUInt16LE(6) !== 0;
    if (isDefined && name !== undefined && wanted.has(name)) found.set(name, symbol.readBigUInt64LE(8));
  }
  return found;
}

const parseSection = (entry: Buffer): Section => ({
  type: entry.readUInt32LE(4),
  offset: entry.readBigUInt64LE(24),
  size: entry.readBigUInt64LE(32),
  link: entry.readUInt32LE(40),
});

const readTable = (read: ReadAt, { offset, size }: Section): Buffer =>
  readFrom(read, offset, size < MAX_TABLE ? Number(size) : MAX_TABLE);

const readEntries = (read: ReadAt, offset: bigint, size: number, count: number): Buffer[] =>
  entriesOf(readFrom(read, offset, size * count), size);

function entriesOf(table: Buffer, size: number): Buffer[] {
  const count = Math.floor(table.length / size);
  return Array.from({ length: count }, (_, i) => table.subarray(i * size, (i + 1) * size));
}

function readFrom(read: ReadAt, offset: bigint, length: number): Buffer {
  return offset <= EXACT - length ? read(Number(offset), length) : Buffer.alloc(0);
}

/** Reads text block by block, as it stands close together, and not without end. */
function textReader(read: ReadAt): (offset: number) => string | undefined {
  const blocks = new Map<number, Buffer>();
  const blockAt = (start: number): Buffer => {
    const known = blocks.get(start);
    if (known || blocks.size >= MAX_BLOCKS) return known ?? Buffer.alloc(0);
    const block = read(start, BLOCK);
    blocks.set(start, block);
    return block;
  };
  return (offset) => {
    const at = offset % BLOCK;
    const block = blockAt(offset - at);
    if (at + MAX_NAME <= BLOCK) return textIn(block, at);
    return textIn(Buffer.concat([block.subarray(at), blockAt(offset - at + BLOCK)]), 0);
  };
}

function textIn(bytes: Buffer, at: number): string | undefined {
  if (at >= bytes.length) return undefined;
  const end = bytes.indexOf(0, at);
  return end < 0 || end - at >= MAX_NAME ? undefined : bytes.toString('latin1', at, end);
}

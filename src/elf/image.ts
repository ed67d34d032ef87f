import type { ByteSource } from './file-bytes.ts';
import { PT_LOAD, SHT_DYNSYM, SYMBOL_BYTES } from './format.ts';
import {
  type ElfHeader,
  EXACT,
  readElfHeader,
  type Section,
  sectionsOf,
  type Segment,
  segmentsOf,
} from './headers.ts';

/** An ELF program or library. Addresses are those in the file; where it is mapped, a constant bias is added to them. */
export interface ElfImage {
  /** The address of the byte at `offset` in the file; undefined if no segment holds it. */
  addressOf(offset: bigint): bigint | undefined;
  /** Addresses of the `wanted` symbols, as far as .dynsym defines them. */
  symbols(wanted: ReadonlySet<string>): ReadonlyMap<string, bigint>;
  /** The text (Latin-1) from `address` to the first NUL; undefined if there is no NUL within 256 bytes. */
  textAt(address: bigint): string | undefined;
}

// Limits on what is read, since the file may claim anything. A libjvm.so has 15 KB of symbols.
const MAX_SEGMENTS = 256;
const MAX_SECTIONS = 4096;
const MAX_TABLE = 1n << 18n;
const MAX_NAME = 256;

/** Reads the headers. Returns undefined unless the file is little-endian ELF64. */
export function readElfImage(file: ByteSource): ElfImage | undefined {
  const header = readElfHeader(file);
  if (!header || header.programHeaders.count > MAX_SEGMENTS) return undefined;
  const loads = [...segmentsOf(file, header)].filter(({ type }) => type === PT_LOAD).flatMap(loadOf);
  return {
    addressOf(offset) {
      const address = shifted(loads, Number(offset), 'offset', 'address');
      return address === undefined ? undefined : BigInt(address);
    },
    symbols: (wanted) => readSymbols(file, header, wanted),
    textAt(address) {
      const offset = shifted(loads, Number(address), 'address', 'offset') ?? file.size;
      const length = Math.min(MAX_NAME, file.size - offset);
      const bytes = length > 0 ? file.read(offset, length) : undefined;
      return bytes && textIn(bytes, 0);
    },
  };
}

/** The part of a segment that is in the file. */
interface Load {
  readonly offset: number;
  readonly address: number;
  readonly length: number;
}

function loadOf(segment: Segment): Load[] {
  const [offset, address, length] = [segment.offset, segment.address, segment.fileLength].map(Number) as [
    number,
    number,
    number,
  ];
  return offset + length <= EXACT && address + length <= EXACT ? [{ offset, address, length }] : [];
}

/** Converts the offset of a byte in a segment to its address, or back. */
function shifted(
  loads: readonly Load[],
  value: number,
  from: 'offset' | 'address',
  to: 'offset' | 'address',
): number | undefined {
  for (const load of loads) {
    const at = value - load[from];
    if (at >= 0 && at < load.length) return load[to] + at;
  }
  return undefined;
}

function readSymbols(
  file: ByteSource,
  header: ElfHeader,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  const sections = sectionsUpTo(MAX_SECTIONS, sectionsOf(file, header));
  const dynsym = sections.find(({ type }) => type === SHT_DYNSYM);
  const dynstr = dynsym && sections[dynsym.link];
  if (!dynstr) return found;
  const names = readTable(file, dynstr);
  const symbols = readTable(file, dynsym);
  for (let at = 0; at + SYMBOL_BYTES <= symbols.length; at += SYMBOL_BYTES) {
    const name = textIn(names, symbols.readUInt32LE(at));
    const isDefined = symbols.readUInt16LE(at + 6) !== 0;
    if (isDefined && name !== undefined && wanted.has(name)) found.set(name, symbols.readBigUInt64LE(at + 8));
  }
  return found;
}

function sectionsUpTo(count: number, sections: Iterable<Section>): Section[] {
  const taken: Section[] = [];
  for (const section of sections) {
    if (taken.push(section) === count) break;
  }
  return taken;
}

/** Reads as much of a section as the file has, at most 256 KiB. */
function readTable(file: ByteSource, { offset, length }: Section): Buffer {
  const start = Math.min(Number(offset), file.size);
  const wanted = Number(length < MAX_TABLE ? length : MAX_TABLE);
  return file.read(start, Math.min(wanted, file.size - start)) ?? Buffer.alloc(0);
}

function textIn(bytes: Buffer, at: number): string | undefined {
  if (at >= bytes.length) return undefined;
  const end = bytes.indexOf(0, at);
  return end < 0 || end - at >= MAX_NAME ? undefined : bytes.toString('latin1', at, end);
}

import type { Library } from './hotspot-library.ts';
import type { PagedMemory } from './hotspot-memory.ts';

/**
 * What HotSpot tells of its own classes, for the serviceability agent: exported arrays name fields and types, and give
 * their addresses, offsets and sizes. Their layout is exported, too.
 * https://github.com/openjdk/jdk/blob/master/src/hotspot/share/runtime/vmStructs.hpp
 */
export interface VmStructs {
  /** The address of a static field, as `Universe::_collectedHeap`. */
  address(field: string): bigint | undefined;
  /** The offset of another field in its object. */
  offset(field: string): bigint | undefined;
  /** The bytes that an object of the type takes. */
  size(type: string): number | undefined;
  /** A text that is a constant of the library. */
  text(address: bigint): string | undefined;
}

const STRUCTS = 'gHotSpotVMStructs';
const STRUCT = 'gHotSpotVMStructEntry';
const TYPES = 'gHotSpotVMTypes';
const TYPE = 'gHotSpotVMTypeEntry';

const SYMBOLS: ReadonlySet<string> = new Set([
  STRUCTS,
  ...[
    'TypeNameOffset',
    'FieldNameOffset',
    'IsStaticOffset',
    'OffsetOffset',
    'AddressOffset',
    'ArrayStride',
  ].map((name) => STRUCT + name),
  TYPES,
  ...['TypeNameOffset', 'SizeOffset', 'ArrayStride'].map((name) => TYPE + name),
]);

// JDK 8 to 25 have up to 3,000 entries, of 32 to 56 bytes.
const MAX_ENTRIES = 20_000;
const MAX_STRIDE = 256;

/** Reads the tables of the process's own HotSpot; undefined where they are not all there. */
export function readVmStructs(library: Library, memory: PagedMemory): VmStructs | undefined {
  const exported = readExported(library, memory);
  if (!exported) return undefined;
  const names = new Names(library);
  const fields = readFields(exported, memory, names);
  const sizes = readSizes(exported, memory, names);
  if (fields.size === 0) return undefined;
  return {
    address: (field) => fields.get(field)?.address,
    offset: (field) => fields.get(field)?.offset,
    size: (type) => sizes.get(type),
    text: (address) => names.at(address),
  };
}

/** The values of the exported variables. */
type Exported = (name: string) => bigint;

function readExported({ elf, bias }: Library, memory: PagedMemory): Exported | undefined {
  const values = new Map<string, bigint>();
  for (const [name, address] of elf.symbols(SYMBOLS)) {
    const value = memory.word(address + bias);
    if (value !== undefined) values.set(name, value);
  }
  return values.size === SYMBOLS.size ? (name) => values.get(name)! : undefined;
}

interface Field {
  readonly address?: bigint;
  readonly offset?: bigint;
}

function readFields(exported: Exported, memory: PagedMemory, names: Names): Map<string, Field> {
  const fields = new Map<string, Field>();
  const at = (name: string): number => offsetIn(exported(STRUCT + name));
  const [type, field, isStatic, offset, address] = [
    at('TypeNameOffset'),
    at('FieldNameOffset'),
    at('IsStaticOffset'),
    at('OffsetOffset'),
    at('AddressOffset'),
  ];
  for (const entry of entriesOf(memory, exported(STRUCTS), exported(`${STRUCT}ArrayStride`))) {
    const typeName = names.at(wordOf(entry, type));
    const fieldName = names.at(wordOf(entry, field));
    if (typeName === undefined || fieldName === undefined) break;
    const value: Field =
      wordOf(entry, isStatic) & 0xffffffffn
        ? { address: wordOf(entry, address) }
        : { offset: wordOf(entry, offset) };
    fields.set(`${typeName}::${fieldName}`, value);
  }
  return fields;
}

function readSizes(exported: Exported, memory: PagedMemory, names: Names): Map<string, number> {
  const sizes = new Map<string, number>();
  const name = offsetIn(exported(`${TYPE}TypeNameOffset`));
  const size = offsetIn(exported(`${TYPE}SizeOffset`));
  for (const entry of entriesOf(memory, exported(TYPES), exported(`${TYPE}ArrayStride`))) {
    const typeName = names.at(wordOf(entry, name));
    if (typeName === undefined) break;
    sizes.set(typeName, Number(wordOf(entry, size)));
  }
  return sizes;
}

/** Entries of an array whose end only the reader knows: it has an entry of zeros there. */
function* entriesOf(memory: PagedMemory, start: bigint, stride: bigint): Generator<Buffer> {
  if (stride < 8n || stride > MAX_STRIDE) return;
  for (let i = 0; i < MAX_ENTRIES; i++) {
    const entry = memory.bytes(start + BigInt(i) * stride, Number(stride));
    if (!entry) return;
    yield entry;
  }
}

const offsetIn = (value: bigint): number => (value < MAX_STRIDE ? Number(value) : MAX_STRIDE);
const wordOf = (entry: Buffer, at: number): bigint =>
  at + 8 <= entry.length ? entry.readBigUInt64LE(at) : 0n;

/** Names lie in memory that is hardly ever read, and then not resident: the file has them, too. */
class Names {
  private readonly known = new Map<bigint, string | undefined>();

  constructor(private readonly library: Library) {}

  at(address: bigint): string | undefined {
    if (address === 0n) return undefined;
    if (!this.known.has(address))
      this.known.set(address, this.library.elf.textAt(address - this.library.bias));
    return this.known.get(address);
  }
}

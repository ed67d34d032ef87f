import type { PagedMemory } from '../../memory/paged-memory.ts';
import type { Library } from './library.ts';

/**
 * HotSpot's description of its own classes, meant for the serviceability agent. Exported arrays list names, addresses, offsets
 * and sizes of fields and types; exported variables describe the arrays' layout.
 * https://github.com/openjdk/jdk/blob/master/src/hotspot/share/runtime/vmStructs.hpp
 */
export interface VmStructs {
  /** The address of a static field, such as `Universe::_collectedHeap`; undefined if there is none. */
  address(field: string): bigint | undefined;
  /** The offset of a non-static field in its object, in bytes. */
  offset(field: string): bigint | undefined;
  /** Size of the type in bytes. */
  size(type: string): number | undefined;
  /** The constant text at `address` in the library. */
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

/** Reads the tables of the process's HotSpot. Returns undefined unless all of them are readable. */
export function readVmStructs(library: Library, memory: PagedMemory): VmStructs | undefined {
  const exported = readExported(library, memory);
  if (!exported) return undefined;
  const names = new Names(library);
  const fields = new Fields(exported, memory, names);
  return {
    address: (field) => fields.find(field)?.address,
    offset: (field) => fields.find(field)?.offset,
    size: (type) => findSize(type, exported, memory, names),
    text: (address) => names.at(address),
  };
}

/** Returns the value of an exported variable. */
type Exported = (name: string) => bigint;

function readExported({ image, bias }: Library, memory: PagedMemory): Exported | undefined {
  const values = new Map<string, bigint>();
  for (const [name, address] of image.symbols(SYMBOLS)) {
    const value = memory.word(address + bias);
    if (value !== undefined) values.set(name, value);
  }
  return values.size === SYMBOLS.size ? (name) => values.get(name)! : undefined;
}

interface Field {
  readonly address?: bigint;
  readonly offset?: bigint;
}

/** Looks fields up by name. Indexes entries by type only, since most types are never needed. */
class Fields {
  private readonly entries = new Map<string, bigint[]>();
  private readonly known = new Map<string, Field | undefined>();

  constructor(
    private readonly exported: Exported,
    private readonly memory: PagedMemory,
    private readonly names: Names,
  ) {
    const typeName = exported(`${STRUCT}TypeNameOffset`);
    for (const entry of entriesOf(exported(STRUCTS), exported(`${STRUCT}ArrayStride`))) {
      const type = names.at(memory.word(entry + typeName));
      if (type === undefined) break;
      const others = this.entries.get(type);
      if (others) others.push(entry);
      else this.entries.set(type, [entry]);
    }
  }

  find(name: string): Field | undefined {
    if (!this.known.has(name)) this.known.set(name, this.read(name));
    return this.known.get(name);
  }

  private read(name: string): Field | undefined {
    const [type, field] = name.split(/::(?=\w+$)/) as [string, string];
    const entry = this.entries
      .get(type)
      ?.find((entry) => this.names.at(this.value(entry, 'FieldNameOffset')) === field);
    if (entry === undefined) return undefined;
    const isStatic = ((this.value(entry, 'IsStaticOffset') ?? 0n) & 0xffffffffn) !== 0n;
    const value = this.value(entry, isStatic ? 'AddressOffset' : 'OffsetOffset');
    if (value === undefined) return undefined;
    return isStatic ? { address: value } : { offset: value };
  }

  private value(entry: bigint, offset: string): bigint | undefined {
    return this.memory.word(entry + this.exported(STRUCT + offset));
  }
}

function findSize(type: string, exported: Exported, memory: PagedMemory, names: Names): number | undefined {
  for (const entry of entriesOf(exported(TYPES), exported(`${TYPE}ArrayStride`))) {
    const name = names.at(memory.word(entry + exported(`${TYPE}TypeNameOffset`)));
    if (name === undefined) break;
    if (name === type) return Number(memory.word(entry + exported(`${TYPE}SizeOffset`)) ?? 0n);
  }
  return undefined;
}

/** JDK 25 has 3,000. Each costs the search for a name in the library's file. */
const MOST_ENTRIES = 20_000;

/** Yields the addresses of an array's entries. The reader finds its end: an entry of zeros. */
function* entriesOf(start: bigint, stride: bigint): Generator<bigint> {
  for (let i = 0, entry = start; i < MOST_ENTRIES; i++, entry += stride) yield entry;
}

/** Reads names from the file, since the process hardly ever reads them and their memory is often not resident. */
class Names {
  private readonly known = new Map<bigint, string | undefined>();

  constructor(private readonly library: Library) {}

  at(address: bigint | undefined): string | undefined {
    if (!address) return undefined;
    if (!this.known.has(address))
      this.known.set(address, this.library.image.textAt(address - this.library.bias));
    return this.known.get(address);
  }
}

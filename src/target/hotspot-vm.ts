import type { PagedMemory } from './hotspot-memory.ts';
import type { VmStructs } from './vm-structs.ts';

const MAX_FLAGS = 10_000;
const MAX_FLAG_WORDS = 16;

/**
 * The objects of a HotSpot, by the names of its own classes and fields. Whatever it does not have, or has not in memory,
 * is undefined: its classes change from version to version.
 */
export class Vm {
  private flags: ReadonlyMap<string, bigint> | undefined;

  constructor(
    private readonly structs: VmStructs,
    readonly memory: PagedMemory,
  ) {}

  /** The pointer in the static `field`. */
  global(field: string): bigint | undefined {
    const address = this.structs.address(field);
    return address === undefined ? undefined : this.pointer(address);
  }

  /** The address of a field that an object holds. */
  in(object: bigint | undefined, field: string): bigint | undefined {
    const offset = this.structs.offset(field);
    return object === undefined || offset === undefined ? undefined : object + offset;
  }

  /** The pointer, or number other than 0, in a field. */
  get(object: bigint | undefined, field: string): bigint | undefined {
    const address = this.in(object, field);
    return address === undefined ? undefined : this.pointer(address);
  }

  int(object: bigint | undefined, field: string): number | undefined {
    const address = this.in(object, field);
    return address === undefined ? undefined : this.memory.int(address);
  }

  size(type: string): number | undefined {
    return this.structs.size(type);
  }

  /** Whether a flag of the command line, or its default, is true. */
  isSet(flag: string): boolean {
    this.flags ??= this.readFlags();
    const address = this.flags.get(flag);
    return address !== undefined && this.memory.bytes(address, 1)?.[0] === 1;
  }

  private pointer(address: bigint): bigint | undefined {
    return this.memory.word(address) || undefined;
  }

  // The class was called Flag before JDK 10.
  private readFlags(): ReadonlyMap<string, bigint> {
    const flags = new Map<string, bigint>();
    const type = this.size('JVMFlag') === undefined ? 'Flag' : 'JVMFlag';
    const start = this.global(`${type}::flags`) ?? 0n;
    const words = Math.min((this.size(type) ?? 0) >> 3, MAX_FLAG_WORDS);
    const name = Number(this.structs.offset(`${type}::_name`) ?? 0n) / 8;
    const address = Number(this.structs.offset(`${type}::_addr`) ?? 0n) / 8;
    const count = Math.min(Number(this.global(`${type}::numFlags`) ?? 0n), MAX_FLAGS);
    for (let i = 0; i < count; i++) {
      const flag = this.memory.words(start + BigInt(8 * i * words), words);
      const text = this.structs.text(flag[name] ?? 0n);
      if (text !== undefined) flags.set(text, flag[address] ?? 0n);
    }
    return flags;
  }
}

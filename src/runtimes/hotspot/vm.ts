import type { PagedMemory } from '../../memory/paged-memory.ts';
import type { VmStructs } from './vm-structs.ts';

/** JDK 25 has 1,500. The number in memory may be a lie, and costs no read where the fields of a flag are unknown. */
const MOST_FLAGS = 10_000n;

/**
 * Reads objects of a HotSpot by names of its classes and fields. A result is undefined if this version does not have the field,
 * or its memory is not resident.
 */
export class Vm {
  private readonly flags = new Map<string, bigint>();
  private readonly otherFlags = this.readFlags();

  constructor(
    private readonly structs: VmStructs,
    readonly memory: PagedMemory,
  ) {}

  /** The pointer in a static field; undefined if it is null. */
  global(field: string): bigint | undefined {
    const address = this.structs.address(field);
    return address === undefined ? undefined : this.pointer(address);
  }

  /** The address of a field in an object. */
  in(object: bigint | undefined, field: string): bigint | undefined {
    const offset = this.structs.offset(field);
    return object === undefined || offset === undefined ? undefined : object + offset;
  }

  /** The pointer or unsigned 64-bit number in an object's field; undefined if it is 0. */
  get(object: bigint | undefined, field: string): bigint | undefined {
    const address = this.in(object, field);
    return address === undefined ? undefined : this.pointer(address);
  }

  /** The signed 32-bit number in an object's field. */
  int(object: bigint | undefined, field: string): number | undefined {
    const address = this.in(object, field);
    return address === undefined ? undefined : this.memory.int(address);
  }

  /** Whether a boolean flag is on, by the command line or by default. */
  isSet(flag: string): boolean {
    while (!this.flags.has(flag)) {
      const { value, done } = this.otherFlags.next();
      if (done) return false;
      this.flags.set(value.name, value.address);
    }
    return this.memory.read(this.flags.get(flag)!, 1)?.[0] === 1;
  }

  private pointer(address: bigint): bigint | undefined {
    return this.memory.word(address) || undefined;
  }

  // The class was called Flag before JDK 10. Starts at the end, where the flags of collectors are.
  private *readFlags(): Generator<{ name: string; address: bigint }, undefined> {
    const type = this.structs.address('JVMFlag::flags') === undefined ? 'Flag' : 'JVMFlag';
    const start = this.global(`${type}::flags`) ?? 0n;
    const size = BigInt(this.structs.size(type) ?? 0);
    const count = this.global(`${type}::numFlags`) ?? 0n;
    for (let i = (count < MOST_FLAGS ? count : MOST_FLAGS) - 1n; i >= 0n; i--) {
      const flag = start + i * size;
      const name = this.structs.text(this.get(flag, `${type}::_name`) ?? 0n);
      const address = this.get(flag, `${type}::_addr`);
      if (name !== undefined && address !== undefined) yield { name, address };
    }
  }
}

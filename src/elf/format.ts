// The parts of little-endian ELF64 that memscan reads or writes in programs, libraries and cores: elf(5), core(5), and
// elf_core_dump() in Linux's fs/binfmt_elf.c.

/** Sizes of ELF structures in bytes. */
export const HEADER_BYTES = 64;
export const PROGRAM_HEADER_BYTES = 56;
export const SECTION_HEADER_BYTES = 64;
export const SYMBOL_BYTES = 24;

export const ET_CORE = 4;
export const PT_LOAD = 1;
export const PT_NOTE = 4;
export const SHT_DYNSYM = 11;
/** Value of e_phnum if sh_info of section header 0 holds the number of program headers. */
export const PN_XNUM = 0xffff;

/** Bits of p_flags and their letters in maps. */
export const SEGMENT_FLAGS = [
  [4, 'r'],
  [2, 'w'],
  [1, 'x'],
] as const;

/** Types of notes named CORE (Linux, include/uapi/linux/elf.h). */
export const NT_PRSTATUS = 1;
export const NT_PRPSINFO = 3;
export const NT_AUXV = 6;
export const NT_FILE = 0x46494c45;

/** Entries of the auxiliary vector, getauxval(3). */
export const AT_RANDOM = 25n;
export const AT_SYSINFO_EHDR = 33n;

/** What differs between architectures. Registers are indexes in NT_PRSTATUS's pr_reg (user_regs_struct). */
export interface Architecture {
  /** e_machine. */
  readonly machine: number;
  /** How many registers there are. */
  readonly registers: number;
  readonly sp: number;
  readonly pc: number;
  /** Register that holds the number of a system call. */
  readonly call: number;
  /** Registers that hold the six arguments of a system call. */
  readonly callArguments: readonly number[];
  /** Registers that have the same value in every 64-bit process. Debuggers recognise a 64-bit process by cs. */
  readonly fixed: readonly (readonly [register: number, value: bigint])[];
}

const X64: Architecture = {
  machine: 62,
  registers: 27,
  sp: 19,
  pc: 16,
  call: 15,
  callArguments: [14, 13, 12, 7, 9, 8],
  fixed: [
    [17, 0x33n], // cs
    [20, 0x2bn], // ss
  ],
};

const ARM64: Architecture = {
  machine: 183,
  registers: 34,
  sp: 31,
  pc: 32,
  call: 8,
  callArguments: [0, 1, 2, 3, 4, 5],
  fixed: [],
};

/** The architecture of this process. */
export const architecture = (): Architecture => (process.arch === 'arm64' ? ARM64 : X64);

/** The architecture for an e_machine; undefined if memscan does not support it. */
export const architectureOf = (machine: number): Architecture | undefined =>
  [X64, ARM64].find((known) => known.machine === machine);

/** Offsets of pr_pid and pr_reg in NT_PRSTATUS (struct elf_prstatus). */
export const PRSTATUS_PID = 32;
export const PRSTATUS_REGISTERS = 112;
/** Bytes after the registers: pr_fpvalid and padding. */
export const PRSTATUS_TAIL = 8;

/** Size of NT_PRPSINFO (struct elf_prpsinfo), and offsets of its pr_pid and pr_psargs. */
export const PRPSINFO_BYTES = 136;
export const PRPSINFO_PID = 24;
export const PRPSINFO_ARGUMENTS = 56;

/**
 * Most program headers that memscan accepts in a core, or writes: a file may claim any number, and each costs memory. (A
 * process has at most 65,530 regions with the default vm.max_map_count.)
 */
export const MOST_SEGMENTS = 2 ** 19;

/** Name and type of memscan's own note; see regions-note.ts. */
export const MEMSCAN_NOTE = { name: 'memscan', type: 0x6d736331 } as const;

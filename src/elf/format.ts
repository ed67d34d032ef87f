// ELF64, little-endian, as far as programs, libraries and cores are read or written here: elf(5), core(5), and
// elf_core_dump() in Linux's fs/binfmt_elf.c.

/** Sizes of its structures, in bytes. */
export const HEADER_BYTES = 64;
export const PROGRAM_HEADER_BYTES = 56;
export const SECTION_HEADER_BYTES = 64;
export const SYMBOL_BYTES = 24;

export const ET_CORE = 4;
export const PT_LOAD = 1;
export const PT_NOTE = 4;
export const SHT_DYNSYM = 11;
/** In e_phnum: section header 0 has the true number of program headers, in sh_info. */
export const PN_XNUM = 0xffff;

/** Bits of p_flags, with their letters in maps. */
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

/** What differs between the architectures: registers by their index in NT_PRSTATUS's pr_reg (user_regs_struct). */
export interface Architecture {
  readonly machine: number;
  readonly registers: number;
  readonly sp: number;
  readonly pc: number;
  /** The number of the system call a thread is in, and its six arguments. */
  readonly call: number;
  readonly callArguments: readonly number[];
  /** Registers of one value in every 64-bit process: by cs, debuggers know it. */
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

/** Of this process. */
export const architecture = (): Architecture => (process.arch === 'arm64' ? ARM64 : X64);

export const architectureOf = (machine: number): Architecture | undefined =>
  [X64, ARM64].find((known) => known.machine === machine);

/** NT_PRSTATUS, struct elf_prstatus: where pr_pid and pr_reg begin, and what follows the registers. */
export const PRSTATUS_PID = 32;
export const PRSTATUS_REGISTERS = 112;
/** pr_fpvalid, and what fills it up to 8 bytes. */
export const PRSTATUS_TAIL = 8;

/** NT_PRPSINFO, struct elf_prpsinfo: its size, and where pr_pid and pr_psargs are. */
export const PRPSINFO_BYTES = 136;
export const PRPSINFO_PID = 24;
export const PRPSINFO_ARGUMENTS = 56;

/**
 * Program headers memscan takes of a core, and writes: their number is a file's choice, and each costs memory. (A process
 * has 65,530 regions at most, where vm.max_map_count is what it is at first.)
 */
export const MOST_SEGMENTS = 2 ** 19;

/** The note of memscan's own; see regions-note.ts. */
export const MEMSCAN_NOTE = { name: 'memscan', type: 0x6d736331 } as const;

// The notes of a core: core(5), and Linux's include/uapi/linux/elfcore.h and include/linux/elfcore.h.
import {
  type Architecture,
  MEMSCAN_NOTE,
  NT_AUXV,
  NT_FILE,
  NT_PRPSINFO,
  NT_PRSTATUS,
  PRPSINFO_ARGUMENTS,
  PRPSINFO_BYTES,
  PRPSINFO_PID,
  PRSTATUS_PID,
  PRSTATUS_REGISTERS,
  PRSTATUS_TAIL,
} from '../elf/format.ts';
import type { Region } from '../memory/region.ts';
import type { KnownRegisters } from '../proc/procfs.ts';
import { formatRegionsNote, type RegionsNote } from '../targets/core/regions-note.ts';
import { note } from './elf-core.ts';
import type { ProcessState, ThreadState } from './process-state.ts';

const CORE = 'CORE';

/** Formats all notes, in the kernel's order. */
export function coreNotes(
  architecture: Architecture,
  state: ProcessState,
  regions: RegionsNote,
  pageSize: number,
): Buffer {
  const [main, ...others] = state.threads.map((thread) =>
    note(CORE, NT_PRSTATUS, threadStatus(architecture, state, thread)),
  );
  return Buffer.concat([
    main!,
    note(CORE, NT_PRPSINFO, processInfo(state)),
    note(CORE, NT_AUXV, state.auxiliaryVector),
    note(CORE, NT_FILE, mappedFiles(regions.regions, BigInt(pageSize))),
    ...others,
    note(MEMSCAN_NOTE.name, MEMSCAN_NOTE.type, formatRegionsNote(regions)),
  ]);
}

/** Formats struct elf_prstatus with the known registers; signals and times are 0. */
function threadStatus(
  architecture: Architecture,
  { parent, group, session }: ProcessState,
  { id, registers }: ThreadState,
): Buffer {
  const status = Buffer.alloc(PRSTATUS_REGISTERS + 8 * architecture.registers + PRSTATUS_TAIL);
  [id, parent, group, session].forEach((value, i) => status.writeInt32LE(value, PRSTATUS_PID + 4 * i));
  for (const [register, value] of registersOf(architecture, registers)) {
    status.writeBigUInt64LE(BigInt.asUintN(64, value), PRSTATUS_REGISTERS + 8 * register);
  }
  return status;
}

function registersOf(
  architecture: Architecture,
  known: KnownRegisters | undefined,
): (readonly [register: number, value: bigint])[] {
  const { sp, pc, call, callArguments, fixed } = architecture;
  if (!known) return [...fixed];
  const inCall = known.call
    ? [
        [call, known.call.number] as const,
        ...known.call.args.map((arg, i) => [callArguments[i]!, arg] as const),
      ]
    : [];
  return [...fixed, [sp, known.sp], [pc, known.pc], ...inCall];
}

/** Formats struct elf_prpsinfo. */
function processInfo(state: ProcessState): Buffer {
  const info = Buffer.alloc(PRPSINFO_BYTES);
  info.writeUInt8(Math.max(0, 'RSDTZW'.indexOf(state.state)), 0);
  info.write(state.state, 1, 1, 'latin1');
  info.writeUInt8(state.state === 'Z' ? 1 : 0, 2);
  info.writeInt8(state.nice, 3);
  info.writeBigUInt64LE(BigInt(state.flags), 8);
  info.writeUInt32LE(state.uid, 16);
  info.writeUInt32LE(state.gid, 20);
  [state.pid, state.parent, state.group, state.session].forEach((value, i) =>
    info.writeInt32LE(value, PRPSINFO_PID + 4 * i),
  );
  state.name.copy(info, 40, 0, 15);
  state.commandLine
    .map((byte) => byte || 0x20)
    .subarray(0, 79)
    .forEach((byte, i) => info.writeUInt8(byte, PRPSINFO_ARGUMENTS + i));
  return info;
}

/** Formats NT_FILE: count and page size, then start, end and page offset of each file mapping, then names, ended by NUL. */
function mappedFiles(regions: readonly Region[], pageSize: bigint): Buffer {
  const mapped = regions.filter(({ inode, pathname }) => inode !== 0n && pathname.startsWith('/'));
  const numbers = mapped.flatMap(({ start, end, offset }) => [start, end, offset / pageSize]);
  const table = BigUint64Array.from([BigInt(mapped.length), pageSize, ...numbers]);
  const names = mapped.map(({ pathname }) => `${pathname.replaceAll('\\012', '\n')}\0`);
  return Buffer.concat([Buffer.from(table.buffer), Buffer.from(names.join(''))]);
}

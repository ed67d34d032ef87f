import type { ByteSource } from '../../elf/file-bytes.ts';
import {
  AT_RANDOM,
  AT_SYSINFO_EHDR,
  MEMSCAN_NOTE,
  NT_AUXV,
  NT_FILE,
  NT_PRPSINFO,
  NT_PRSTATUS,
  PRPSINFO_ARGUMENTS,
  PRPSINFO_PID,
  PRSTATUS_PID,
  PRSTATUS_REGISTERS,
} from '../../elf/format.ts';
import { type NoteSegment, notesIn } from '../../elf/notes.ts';
import { type MappedFile, parseFilesNote } from './files-note.ts';
import type { CoreHeaders } from './headers.ts';
import { parseRegionsNote, type RegionsNote } from './regions-note.ts';

/** What a core's notes describe. */
export interface CoreNotes {
  /** In order of addresses, without overlap. */
  readonly files: readonly MappedFile[];
  /** An address in the main thread's stack. */
  readonly inStack: bigint | undefined;
  /** Address of the vdso. */
  readonly vdso: bigint | undefined;
  readonly threads: readonly CoreThread[];
  /** The first 79 bytes of the command line, with spaces between words. Chosen by the target. */
  readonly commandLine: string;
  /** The regions that memscan stored when it wrote the core. */
  readonly known: RegionsNote | undefined;
}

/** Linux allows more threads only after kernel.threads-max was raised. */
const MOST_THREADS = 2 ** 16;

/** A thread other than the main one. */
export interface CoreThread {
  /** Thread id as the process itself sees it. */
  readonly id: number;
  readonly stackPointer: bigint;
}

/** Most bytes of content to read from notes: more than large processes have. */
const MOST_BYTES = 2 ** 27;

/** Reads the notes that memscan uses. An invalid note counts as missing. */
export function readCoreNotes(file: ByteSource, { notes, architecture }: CoreHeaders): CoreNotes {
  let files: readonly MappedFile[] = [];
  let auxiliary: ReadonlyMap<bigint, bigint> = new Map();
  let known: RegionsNote | undefined;
  let pid: number | undefined;
  let commandLine = '';
  const stackPointers = new Map<number, bigint>();
  for (const { name, type, content } of contentsOf(file, notes)) {
    if (name === MEMSCAN_NOTE.name) known = parseRegionsNote(content);
    else if (type === NT_FILE) files = parseFilesNote(content);
    else if (type === NT_AUXV) auxiliary = parseAuxiliary(content);
    else if (type === NT_PRPSINFO) {
      pid = intAt(content, PRPSINFO_PID);
      commandLine = textAt(content, PRPSINFO_ARGUMENTS);
    } else
      stackPointers.set(
        intAt(content, PRSTATUS_PID) ?? 0,
        wordAt(content, PRSTATUS_REGISTERS + 8 * architecture.sp) ?? 0n,
      );
  }
  // The kernel puts AT_RANDOM's bytes on the first stack, which the main thread may have left for another.
  const inStack = auxiliary.get(AT_RANDOM) ?? stackPointers.get(pid ?? 0);
  return {
    files,
    inStack,
    vdso: auxiliary.get(AT_SYSINFO_EHDR),
    threads: [...stackPointers]
      .slice(0, MOST_THREADS)
      .filter(([id]) => id !== pid)
      .map(([id, stackPointer]) => ({ id, stackPointer })),
    commandLine,
    known,
  };
}

/** Yields the notes that memscan uses, with their content, in the file's order. */
function* contentsOf(
  file: ByteSource,
  segments: readonly NoteSegment[],
): Generator<{ readonly name: string; readonly type: number; readonly content: Buffer }> {
  let left = MOST_BYTES;
  for (const { name, type, offset, length } of notesIn(file, segments)) {
    const isKnown =
      name === 'CORE' ? CORE_TYPES.has(type) : name === MEMSCAN_NOTE.name && type === MEMSCAN_NOTE.type;
    const content = isKnown && length <= left ? file.read(offset, length) : undefined;
    if (!content) continue;
    left -= length;
    yield { name, type, content };
  }
}

const CORE_TYPES: ReadonlySet<number> = new Set([NT_PRSTATUS, NT_PRPSINFO, NT_AUXV, NT_FILE]);

const intAt = (bytes: Buffer, at: number): number | undefined =>
  at + 4 <= bytes.length ? bytes.readInt32LE(at) : undefined;

/** The text (Latin-1) from `at` to the first NUL. */
const textAt = (bytes: Buffer, at: number): string => bytes.toString('latin1', at).replace(/\0.*$/s, '');

const wordAt = (bytes: Buffer, at: number): bigint | undefined =>
  at + 8 <= bytes.length ? bytes.readBigUInt64LE(at) : undefined;

function parseAuxiliary(bytes: Buffer): ReadonlyMap<bigint, bigint> {
  const vector = new Map<bigint, bigint>();
  for (let at = 0; at + 16 <= bytes.length && vector.size < 256; at += 16) {
    vector.set(bytes.readBigUInt64LE(at), bytes.readBigUInt64LE(at + 8));
  }
  return vector;
}

import type { ByteSource } from '../../elf/file-bytes.ts';
import {
  AT_RANDOM,
  AT_SYSINFO_EHDR,
  MEMSCAN_NOTE,
  MOST_SEGMENTS,
  NT_AUXV,
  NT_FILE,
  NT_PRPSINFO,
  NT_PRSTATUS,
  PRPSINFO_ARGUMENTS,
  PRPSINFO_PID,
  PRSTATUS_PID,
  PRSTATUS_REGISTERS,
} from '../../elf/format.ts';
import { byStart, type Range } from '../../memory/ranges.ts';
import type { CoreHeaders } from './headers.ts';
import { parseRegionsNote, type RegionsNote } from './regions-note.ts';

/** A file that is mapped at some addresses. */
export interface MappedFile extends Range {
  /** Offset in the file, in bytes. */
  readonly offset: bigint;
  /** As maps writes it. */
  readonly pathname: string;
}

/** What a core's notes tell of its memory. */
export interface CoreNotes {
  /** In order, apart. */
  readonly files: readonly MappedFile[];
  /** An address in the main thread's stack. */
  readonly inStack: bigint | undefined;
  readonly vdso: bigint | undefined;
  readonly threads: readonly CoreThread[];
  /** The beginning of the command line: 79 bytes, chosen by the target, spaces between its words. */
  readonly commandLine: string;
  /** What memscan knew when it wrote the core. */
  readonly known: RegionsNote | undefined;
}

/** A thread, other than the main one. */
export interface CoreThread {
  /** As the process itself counts. */
  readonly id: number;
  readonly stackPointer: bigint;
}

/** Notes looked at, and bytes of their contents: more than large processes have. (A thread has a few notes.) */
const MOST_NOTES = 2 ** 18;
const MOST_BYTES = 2 ** 27;

/** What makes no sense is as if it were not there. */
export function readCoreNotes(file: ByteSource, { notes, architecture }: CoreHeaders): CoreNotes {
  let files: readonly MappedFile[] = [];
  let auxiliary: ReadonlyMap<bigint, bigint> = new Map();
  let known: RegionsNote | undefined;
  let pid: number | undefined;
  let commandLine = '';
  const stackPointers = new Map<number, bigint>();
  for (const { name, type, content } of contentsOf(file, notes)) {
    if (name === MEMSCAN_NOTE.name) known = parseRegionsNote(content);
    else if (type === NT_FILE) files = parseFiles(content);
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
  // The kernel puts the random bytes on the first stack. The main thread may have left that for another.
  const inStack = auxiliary.get(AT_RANDOM) ?? stackPointers.get(pid ?? 0);
  return {
    files,
    inStack,
    vdso: auxiliary.get(AT_SYSINFO_EHDR),
    threads: [...stackPointers]
      .filter(([id]) => id !== pid)
      .map(([id, stackPointer]) => ({ id, stackPointer })),
    commandLine,
    known,
  };
}

/** The notes that tell of memory, in the file's order. */
function* contentsOf(
  file: ByteSource,
  places: CoreHeaders['notes'],
): Generator<{ readonly name: string; readonly type: number; readonly content: Buffer }> {
  let left = MOST_BYTES;
  for (const { name, type, offset, length } of notesIn(file, places)) {
    const isKnown =
      name === 'CORE' ? CORE_TYPES.has(type) : name === MEMSCAN_NOTE.name && type === MEMSCAN_NOTE.type;
    const content = isKnown && length <= left ? file.read(offset, length) : undefined;
    if (!content) continue;
    left -= length;
    yield { name, type, content };
  }
}

const CORE_TYPES: ReadonlySet<number> = new Set([NT_PRSTATUS, NT_PRPSINFO, NT_AUXV, NT_FILE]);

interface Note {
  readonly name: string;
  readonly type: number;
  /** Where its content is in the file, in bytes. */
  readonly offset: number;
  readonly length: number;
}

function* notesIn(file: ByteSource, places: CoreHeaders['notes']): Generator<Note> {
  let count = 0;
  for (const place of places) {
    const end = Math.min(place.offset + place.length, file.size);
    for (let at = place.offset; at + 12 <= end && count < MOST_NOTES; count++) {
      const head = file.read(at, 12);
      if (!head) break;
      const [nameLength, length, type] = [0, 4, 8].map((i) => head.readUInt32LE(i)) as [
        number,
        number,
        number,
      ];
      const offset = at + 12 + filled(nameLength);
      const name = nameLength <= LONGEST_NAME ? file.read(at + 12, nameLength) : undefined;
      if (name && offset + length <= end)
        yield { name: name.toString('latin1', 0, nameLength - 1), type, offset, length };
      at = offset + filled(length);
    }
  }
}

/** Of those that are known. */
const LONGEST_NAME = 8;

/** Filled up to 4 bytes. */
const filled = (length: number): number => Math.ceil(length / 4) * 4;

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

/** PATH_MAX, limits.h: what is longer is no path. */
const LONGEST_PATH = 4096;

/** Count and page size, then start, end and page offset of every mapping, then the names, each ended by 0. */
function parseFiles(bytes: Buffer): MappedFile[] {
  const count = Number(wordAt(bytes, 0) ?? 0n);
  const pageSize = wordAt(bytes, 8) ?? 0n;
  if (count > MOST_SEGMENTS || 16 + 24 * count > bytes.length) return [];
  const files: MappedFile[] = [];
  for (let i = 0, nameAt = 16 + 24 * count; i < count; i++) {
    const [start, end, page] = [0, 8, 16].map((at) => bytes.readBigUInt64LE(16 + 24 * i + at)) as [
      bigint,
      bigint,
      bigint,
    ];
    const nameEnd = bytes.indexOf(0, nameAt);
    if (nameEnd < 0 || nameEnd - nameAt > LONGEST_PATH) return [];
    const pathname = bytes.toString('utf8', nameAt, nameEnd).replaceAll('\n', '\\012');
    nameAt = nameEnd + 1;
    if (start < end) files.push({ start, end, offset: BigInt.asUintN(64, page * pageSize), pathname });
  }
  return apart(files);
}

function apart(files: readonly MappedFile[]): MappedFile[] {
  let end = 0n;
  return files.toSorted(byStart).filter((file) => {
    const isBehind = file.start >= end;
    if (isBehind) ({ end } = file);
    return isBehind;
  });
}

import type { ByteSource } from './file-bytes.ts';

/** A segment of notes in a file, in bytes. */
export interface NoteSegment {
  readonly offset: number;
  readonly length: number;
}

/** A note, elf(5). */
export interface Note {
  /** Latin-1, up to LONGEST_NAME bytes with the NUL, which is left out. */
  readonly name: string;
  readonly type: number;
  /** Offset of its content in the file, in bytes. */
  readonly offset: number;
  /** Length of its content in bytes. */
  readonly length: number;
}

/** Most notes to read: more than large processes have. (A thread has a few notes.) */
const MOST_NOTES = 2 ** 18;

/** Notes with longer names are skipped. memscan uses none of them. */
const LONGEST_NAME = 8;

/** Yields the notes of the segments in order. Skips notes that are not entirely inside of their segment. */
export function* notesIn(file: ByteSource, segments: readonly NoteSegment[]): Generator<Note> {
  let count = 0;
  for (const segment of segments) {
    const end = Math.min(segment.offset + segment.length, file.size);
    for (let at = segment.offset; at + 12 <= end && count < MOST_NOTES; count++) {
      const header = file.read(at, 12);
      if (!header) break;
      const [nameLength, length, type] = [0, 4, 8].map((i) => header.readUInt32LE(i)) as [
        number,
        number,
        number,
      ];
      const offset = at + 12 + padded(nameLength);
      const name = nameLength <= LONGEST_NAME ? file.read(at + 12, nameLength) : undefined;
      if (name && offset + length <= end)
        yield { name: name.toString('latin1', 0, nameLength - 1), type, offset, length };
      at = offset + padded(length);
    }
  }
}

/** Rounds up to 4 bytes. */
const padded = (length: number): number => Math.ceil(length / 4) * 4;

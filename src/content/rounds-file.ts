import { MemscanError } from '../base/errors.ts';
import { NewFile } from '../files/new-file.ts';
import { encodeSnapshot, LARGEST_FILE } from './snapshot-file.ts';
import type { Snapshot } from './snapshot.ts';

/** One snapshot in the file: its range of bytes. */
interface Entry {
  readonly position: number;
  readonly length: number;
  /** When it was taken, in milliseconds since 1970; never before the previous one, even if the clock was set back. */
  readonly time: number;
}

/**
 * A file that grows by one snapshot at a time, up to 16 MiB. Then at least half of them are dropped, so that the others
 * are evenly spaced in time. The file is readable at any moment: a snapshot is either appended, or a new file with
 * fewer snapshots replaces it. The file exists only after the first snapshot; see NewFile.
 */
export class RoundsFile {
  private entries: Entry[] = [];

  private constructor(
    private readonly path: string,
    private file: NewFile,
    private readonly largest: number,
  ) {}

  /** `largest` is the maximum size in bytes. Throws FILE_EXISTS, WRITE_FAILED: see NewFile. */
  static create(path: string, force: boolean, largest = LARGEST_FILE): RoundsFile {
    return new RoundsFile(path, NewFile.create(path, force), largest);
  }

  /** Adds a snapshot. On errors (NO_ROOM, WRITE_FAILED, FILE_EXISTS) the earlier snapshots stay in the file. */
  async add(snapshot: Snapshot): Promise<void> {
    const bytes = encodeSnapshot(snapshot);
    try {
      if (endOf(this.entries) + bytes.length > this.largest) await this.thinOut(this.largest - bytes.length);
      await this.append(bytes, snapshot.time);
    } catch (error) {
      throw notEntry(this.path, error);
    }
  }

  /** Closes the file, and removes it if nothing was added. */
  close(): void {
    this.file.discard();
  }

  private async append(bytes: Buffer, time: number): Promise<void> {
    const before = this.entries.at(-1)?.time ?? time;
    const entry = { position: endOf(this.entries), length: bytes.length, time: Math.max(before, time) };
    try {
      await this.file.write({ bytes, position: entry.position });
      if (this.entries.length === 0) this.file.publish();
    } catch (error) {
      this.file.resize(entry.position);
      throw error;
    }
    this.entries.push(entry);
  }

  /** Writes the snapshots that are kept to a new file, of at most `room` bytes. */
  private async thinOut(room: number): Promise<void> {
    const kept = thinned(this.entries, room);
    const file = NewFile.create(this.path, true);
    const entries: Entry[] = [];
    try {
      for (const { position, length, time } of kept) {
        const entry = { position: endOf(entries), length, time };
        await file.write({ bytes: this.file.read(position, length), position: entry.position });
        entries.push(entry);
      }
      file.publish();
    } catch (error) {
      file.discard();
      throw error;
    }
    this.file.discard();
    [this.file, this.entries] = [file, entries];
  }
}

const endOf = (entries: readonly Entry[]): number => {
  const last = entries.at(-1);
  return last ? last.position + last.length : 0;
};

/** Chooses at most half of the snapshots, of at most `room` bytes: the first, and others evenly spaced in time. */
function thinned(entries: readonly Entry[], room: number): readonly Entry[] {
  for (let count = entries.length >> 1; ; count >>= 1) {
    const kept = spaced(entries, count);
    if (count === 0 || kept.reduce((sum, { length }) => sum + length, 0) <= room) return kept;
  }
}

function spaced(entries: readonly Entry[], count: number): Entry[] {
  const distance = (entries.at(-1)!.time - entries[0]!.time) / count;
  const kept = [entries[0]!];
  for (const entry of entries) {
    if (entry.time - kept.at(-1)!.time >= distance) kept.push(entry);
  }
  return kept;
}

function notEntry(path: string, error: unknown): unknown {
  if (!(error instanceof MemscanError)) return error;
  const reason = error.code === 'NO_ROOM' ? 'there is no room left' : error.message;
  return new MemscanError(
    error.code,
    `a round was not kept in ${path}: ${reason}`,
    'earlier rounds are kept',
    { cause: error },
  );
}

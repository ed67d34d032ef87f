import { MemscanError } from '../base/errors.ts';
import { NewFile } from '../files/new-file.ts';
import { encodeSnapshot, LARGEST_FILE } from './snapshot-file.ts';
import type { Snapshot } from './snapshot.ts';

/** Where a snapshot stands in the file, in bytes. */
interface Place {
  readonly position: number;
  readonly length: number;
  /** When it was taken; where the clock was set back meanwhile, when the one before it was. */
  readonly time: number;
}

/**
 * A file of snapshots that grows by one after the other, to 16 MiB at most: then half of them go, so that the others lie
 * apart evenly in time. Whatever happens meanwhile, it can be read: a snapshot is appended behind the others, or a file
 * with fewer takes its place. Before the first there is none; see NewFile.
 */
export class RoundsFile {
  private places: Place[] = [];

  private constructor(
    private readonly path: string,
    private file: NewFile,
    private readonly largest: number,
  ) {}

  /** `largest`: bytes it takes at most. Throws FILE_EXISTS, WRITE_FAILED: see NewFile. */
  static create(path: string, force: boolean, largest = LARGEST_FILE): RoundsFile {
    return new RoundsFile(path, NewFile.create(path, force), largest);
  }

  /** Throws NO_ROOM, WRITE_FAILED, FILE_EXISTS: what was there before still is. */
  async add(snapshot: Snapshot): Promise<void> {
    const bytes = encodeSnapshot(snapshot);
    try {
      if (endOf(this.places) + bytes.length > this.largest) await this.thinOut(this.largest - bytes.length);
      await this.append(bytes, snapshot.time);
    } catch (error) {
      throw notKept(this.path, error);
    }
  }

  /** There is a file only where something was added. */
  close(): void {
    this.file.discard();
  }

  private async append(bytes: Buffer, time: number): Promise<void> {
    const before = this.places.at(-1)?.time ?? time;
    const place = { position: endOf(this.places), length: bytes.length, time: Math.max(before, time) };
    try {
      await this.file.write({ bytes, position: place.position });
      if (this.places.length === 0) this.file.place();
    } catch (error) {
      this.file.resize(place.position);
      throw error;
    }
    this.places.push(place);
  }

  /** Writes those that are kept anew, in `room` bytes at most. */
  private async thinOut(room: number): Promise<void> {
    const kept = thinned(this.places, room);
    const file = NewFile.create(this.path, true);
    const places: Place[] = [];
    try {
      for (const { position, length, time } of kept) {
        const place = { position: endOf(places), length, time };
        await file.write({ bytes: this.file.read(position, length), position: place.position });
        places.push(place);
      }
      file.place();
    } catch (error) {
      file.discard();
      throw error;
    }
    this.file.discard();
    [this.file, this.places] = [file, places];
  }
}

const endOf = (places: readonly Place[]): number => {
  const last = places.at(-1);
  return last ? last.position + last.length : 0;
};

/** At most half of them, and no more than there is `room` for: the first, and others at even distances in time. */
function thinned(places: readonly Place[], room: number): readonly Place[] {
  for (let count = places.length >> 1; ; count >>= 1) {
    const kept = spaced(places, count);
    if (count === 0 || kept.reduce((sum, { length }) => sum + length, 0) <= room) return kept;
  }
}

function spaced(places: readonly Place[], count: number): Place[] {
  const distance = (places.at(-1)!.time - places[0]!.time) / count;
  const kept = [places[0]!];
  for (const place of places) {
    if (place.time - kept.at(-1)!.time >= distance) kept.push(place);
  }
  return kept;
}

function notKept(path: string, error: unknown): unknown {
  if (!(error instanceof MemscanError)) return error;
  const reason = error.code === 'NO_ROOM' ? 'there is no room left' : error.message;
  return new MemscanError(
    error.code,
    `a round was not kept in ${path}: ${reason}`,
    'those before it are there',
    { cause: error },
  );
}

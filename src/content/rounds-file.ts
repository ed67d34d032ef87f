import { NewFile } from '../dump/new-file.ts';
import { MemscanError } from '../errors.ts';
import type { Snapshot } from './snapshot.ts';
import { encodeSnapshot, LARGEST_FILE } from './snapshot-file.ts';

/** Where a snapshot stands in the file. Bytes. */
interface Place {
  readonly position: number;
  readonly length: number;
}

/**
 * A file of snapshots that grows by one after the other, to 16 MiB at most: then every second one between the first and
 * the last goes, so that older ones lie further apart. It is a NewFile until it has one. Whatever happens meanwhile, it
 * can be read: one is appended behind the others, or a file with fewer takes its place.
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
      await this.append(bytes);
    } catch (error) {
      throw notKept(this.path, error);
    }
  }

  /** There is a file only where something was added. */
  close(): void {
    this.file.discard();
  }

  private async append(bytes: Buffer): Promise<void> {
    const place = { position: endOf(this.places), length: bytes.length };
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
      for (const { position, length } of kept) {
        const place = { position: endOf(places), length };
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

/** The first and every second one behind it, again until there is room: the one that comes then is the last. */
function thinned(places: readonly Place[], room: number): readonly Place[] {
  const size = places.reduce((sum, { length }) => sum + length, 0);
  if (size <= room || places.length <= 1) return places;
  return thinned(
    places.filter((_, i) => i % 2 === 0),
    room,
  );
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

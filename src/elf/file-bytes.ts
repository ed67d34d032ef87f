import { readSync } from 'node:fs';

/** Reads a file by offset. */
export interface ByteSource {
  /** File size in bytes. */
  readonly size: number;
  /**
   * Returns the `length` bytes at `offset`; undefined unless the file holds all of them and they are readable. Accepts any
   * numbers.
   */
  read(offset: number, length: number): Buffer | undefined;
}

/** Bytes that one read brings. */
const CHUNK = 1 << 16;

/** Most chunks in the cache: 16 MiB. */
const MOST_CACHED = 256;

/** Reads an open file through a cache. The caller keeps and closes the descriptor. */
export class FileBytes implements ByteSource {
  private readonly chunks = new Map<number, Buffer | undefined>();

  constructor(
    private readonly fd: number,
    readonly size: number,
  ) {}

  read(offset: number, length: number): Buffer | undefined {
    if (offset < 0 || length < 0 || offset + length > this.size) return undefined;
    const first = offset - (offset % CHUNK);
    if (offset + length > first + CHUNK) return this.readNow(offset, length);
    return this.chunk(first)?.subarray(offset - first, offset - first + length);
  }

  private chunk(start: number): Buffer | undefined {
    if (this.chunks.has(start)) return this.chunks.get(start);
    if (this.chunks.size === MOST_CACHED) this.chunks.delete(this.chunks.keys().next().value!);
    const chunk = this.readNow(start, Math.min(CHUNK, this.size - start));
    this.chunks.set(start, chunk);
    return chunk;
  }

  private readNow(offset: number, length: number): Buffer | undefined {
    const bytes = Buffer.alloc(length);
    try {
      for (let done = 0; done < length;) {
        const count = readSync(this.fd, bytes, done, length - done, offset + done);
        if (count === 0) return undefined;
        done += count;
      }
      return bytes;
    } catch {
      return undefined;
    }
  }
}

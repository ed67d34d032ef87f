import { readSync } from 'node:fs';

/** The bytes of a file, by offset. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Undefined where the file does not have all of them, whatever the numbers, or they cannot be read. */
  read(offset: number, length: number): Buffer | undefined;
}

/** Bytes that are read together, and how many times so many are kept: 16 MiB. */
const BLOCK = 1 << 16;
const MOST_BLOCKS = 256;

/** An open file, whose descriptor stays the caller's. */
export class FileBytes implements ByteSource {
  private readonly blocks = new Map<number, Buffer | undefined>();

  constructor(
    private readonly fd: number,
    readonly size: number,
  ) {}

  read(offset: number, length: number): Buffer | undefined {
    if (offset < 0 || length < 0 || offset + length > this.size) return undefined;
    const first = offset - (offset % BLOCK);
    if (offset + length > first + BLOCK) return this.readNow(offset, length);
    return this.block(first)?.subarray(offset - first, offset - first + length);
  }

  private block(start: number): Buffer | undefined {
    if (this.blocks.has(start)) return this.blocks.get(start);
    if (this.blocks.size === MOST_BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
    const block = this.readNow(start, Math.min(BLOCK, this.size - start));
    this.blocks.set(start, block);
    return block;
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

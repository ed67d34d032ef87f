import { readSync } from 'node:fs';

/** Bytes looked at together. */
const WINDOW = 1 << 16;

/** A file's bytes by their offsets. What it says of itself is no measure for what is read: lengths are the caller's. */
export class BytesOfFile {
  private window: Buffer = Buffer.alloc(0);
  private windowAt = 0;

  constructor(
    private readonly fd: number,
    readonly size: number,
  ) {}

  /** Undefined where the file has not so many there. */
  read(offset: number, length: number): Buffer | undefined {
    if (offset < 0 || length < 0 || offset + length > this.size) return undefined;
    if (length > WINDOW) return this.readNow(offset, length);
    if (offset < this.windowAt || offset + length > this.windowAt + this.window.length) {
      this.window = this.readNow(offset, Math.min(WINDOW, this.size - offset)) ?? Buffer.alloc(0);
      this.windowAt = offset;
    }
    const at = offset - this.windowAt;
    return at + length <= this.window.length ? this.window.subarray(at, at + length) : undefined;
  }

  private readNow(offset: number, length: number): Buffer | undefined {
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const count = readSync(this.fd, bytes, done, length - done, offset + done);
      if (count === 0) return undefined;
      done += count;
    }
    return bytes;
  }
}

import { writev } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { isErrno } from '../../base/errno.ts';
import { MemscanError } from '../../base/errors.ts';

/** The reader of the output has gone. */
export class BrokenPipe extends Error {}

/**
 * Writes to standard output by threads of the pool, in order. process.stdout would write to a pipe on this thread, and
 * while its reader pauses (a pager), nobody would hear Ctrl-C.
 */
export class Output {
  constructor(
    private readonly fd: number,
    readonly isTTY: boolean,
    /** Returns the terminal's [columns, rows] as they are now. */
    private readonly terminalSize?: () => [number, number],
  ) {}

  /** The terminal's width; undefined where it is not a terminal, or a new one that does not know yet. */
  get columns(): number | undefined {
    return this.size().columns || undefined;
  }

  /** The terminal's size; 0 where it is not a terminal, or does not know. */
  size(): { columns: number; rows: number } {
    const [columns, rows] = this.terminalSize?.() ?? [0, 0];
    return { columns, rows };
  }

  /** Resolves when all is written. Throws BrokenPipe. */
  async write(buffers: readonly Buffer[]): Promise<void> {
    let rest = buffers.filter(({ length }) => length > 0);
    while (rest.length > 0) rest = without(rest, await this.writeSome(rest));
  }

  private async writeSome(buffers: readonly Buffer[]): Promise<number> {
    try {
      return await new Promise((resolve, reject) => {
        writev(this.fd, buffers, (error, written) => (error ? reject(error) : resolve(written)));
      });
    } catch (error) {
      if (isErrno(error, 'EPIPE')) throw new BrokenPipe();
      if (!isErrno(error, 'EAGAIN')) throw writeFailed(error);
      await delay(1); // somebody made the pipe non-blocking, and it is full
      return 0;
    }
  }
}

/** The buffers after their first `count` bytes. */
function without(buffers: readonly Buffer[], count: number): Buffer[] {
  const rest: Buffer[] = [];
  let skip = count;
  for (const buffer of buffers) {
    if (skip < buffer.length) rest.push(buffer.subarray(skip));
    skip = Math.max(0, skip - buffer.length);
  }
  return rest;
}

function writeFailed(error: unknown): MemscanError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new MemscanError(
    'WRITE_FAILED',
    `cannot write to standard output: ${reason}`,
    'what was written so far is kept; free some room, or write elsewhere',
  );
}

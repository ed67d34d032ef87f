import { MemscanError } from '../base/errors.ts';
import type { Source } from '../native/source.ts';

/** Guards the source of a target: no use after close(). */
export class Opened {
  private isClosed = false;

  constructor(
    private readonly name: string,
    private readonly opened: Source,
  ) {}

  /** The source. Throws TARGET_CLOSED after close(). */
  get source(): Source {
    if (this.isClosed) throw this.closedError();
    return this.opened;
  }

  /** Returns TARGET_CLOSED after close(), since a closed source fails in any way; otherwise `error` itself. */
  translated(error: unknown): unknown {
    return this.isClosed ? this.closedError() : error;
  }

  close(): void {
    this.isClosed = true;
    this.opened.close();
  }

  private closedError(): MemscanError {
    return new MemscanError('TARGET_CLOSED', `${this.name} was closed`, 'open it again');
  }
}

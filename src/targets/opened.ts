import { MemscanError } from '../base/errors.ts';
import type { Source } from '../native/source.ts';

/** What a target is read by, until it is closed. */
export class Opened {
  private isClosed = false;

  constructor(
    private readonly name: string,
    private readonly opened: Source,
  ) {}

  /** Throws TARGET_CLOSED. */
  get source(): Source {
    if (this.isClosed) throw this.closedError();
    return this.opened;
  }

  /** What the source threw: once it is closed, that it is. */
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

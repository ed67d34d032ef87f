import { loaded } from './loaded.ts';

/** Changes to memscan's own process. Only for the command line, never for programs that use memscan as a library. */
export interface OwnProcess {
  /**
   * Makes SIGINT end the process with exit code `code` at most `milliseconds` after its present handler was called, whatever
   * JavaScript does meanwhile.
   */
  exitAfterInterrupt(code: number, milliseconds: number): void;
  /**
   * Drops all capabilities except `kept` (one bit each, see capabilities(7)) in every thread of this process, permanently, and
   * sets no_new_privs. Returns 0 or an errno.
   */
  dropPrivileges(kept: bigint): number;
  /** Gives reading threads made from now on a niceness of 5. The main thread keeps its own, to handle Ctrl-C in time. */
  standBack(): void;
  /** Ends the process. Unlike process.exit(), does not wait for threads that are stuck in a read or a write. */
  exitNow(code: number): never;
}

export const ownProcess = loaded as OwnProcess;

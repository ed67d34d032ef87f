import { loaded } from './loaded.ts';

/** What memscan does to the process that it runs in: for the command line only, never for a library's host. */
export interface OwnProcess {
  /**
   * From now on, SIGINT ends the process with exit code `code` at the latest `milliseconds` after its present handler was
   * called, whatever JavaScript does meanwhile.
   */
  exitAfterInterrupt(code: number, milliseconds: number): void;
  /**
   * Drops all capabilities except `kept` (a bit each, see capabilities(7)) in every thread of this process, for good, and
   * sets no_new_privs. Returns 0 or an errno.
   */
  dropPrivileges(kept: bigint): number;
  /** Gives threads that read, and are made from now on, a niceness of 5. The main thread keeps its own, to hear Ctrl-C in time. */
  standBack(): void;
  /** Ends the process without waiting for threads that are stuck in a read or a write, as process.exit() would. */
  exitNow(code: number): never;
}

export const ownProcess = loaded as OwnProcess;

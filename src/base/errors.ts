/** The kind of an error, for programs. For people, the message says what went wrong and `advice` what to do. */
export type ErrorCode =
  | 'BAD_OPTION'
  | 'BAD_PATTERN'
  | 'NO_SUCH_FILE'
  | 'NOT_A_FILE'
  | 'NO_SUCH_PROCESS'
  | 'NO_MEMORY_OF_ITS_OWN'
  | 'NOT_PERMITTED'
  | 'TARGET_ENDED'
  | 'TARGET_CLOSED'
  | 'READ_FAILED'
  | 'WRITE_FAILED'
  | 'FILE_EXISTS'
  | 'NO_ROOM'
  | 'TOO_SCATTERED'
  | 'BAD_SNAPSHOT'
  | 'NO_ADDON';

/** The only error class that memscan throws on purpose. */
export class MemscanError extends Error {
  override readonly name = 'MemscanError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** What the user can do, in one line. */
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

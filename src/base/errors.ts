/** What went wrong, for programs. The message says what, `advice` what to do. */
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

/** The one error memscan throws on purpose. */
export class MemscanError extends Error {
  override readonly name = 'MemscanError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** One line: what the user can do. */
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

import { getSystemErrorName } from 'node:util';

import { MemscanError } from '../base/errors.ts';
import { type Coverage, moveBytes } from '../memory/coverage.ts';
import type { ReadStatus } from '../native/source.ts';
import type { Target } from '../targets/target.ts';

/** Accounts for what the addon read or failed to read. */
export function accountRead(
  coverage: Coverage,
  { bytesRead, bytesUnreadable }: { readonly bytesRead: number; readonly bytesUnreadable: number },
): void {
  moveBytes(coverage, 'notReached', 'scanned', bytesRead);
  moveBytes(coverage, 'notReached', 'unreadable', bytesUnreadable);
}

/** Returns the error for a read whose status is not `ok`. */
export function readError(
  target: Target,
  { status, error }: { readonly status: ReadStatus; readonly error: number },
): Error {
  if (status === 'ended') return target.endedError();
  if (status === 'not-permitted') return target.notPermittedError();
  return new MemscanError(
    'READ_FAILED',
    `cannot read ${target.name}: ${getSystemErrorName(-error)}`,
    'see errno(3) for what it means',
  );
}

import { getSystemErrorName } from 'node:util';

import { MemscanError } from '../errors.ts';
import type { ReadStatus } from '../native.ts';
import { type Coverage, moveBytes, type Target } from '../target/target.ts';

/** Counts what the addon has read, or tried to. */
export function accountRead(
  coverage: Coverage,
  { bytesRead, bytesUnreadable }: { readonly bytesRead: number; readonly bytesUnreadable: number },
): void {
  moveBytes(coverage, 'notReached', 'scanned', bytesRead);
  moveBytes(coverage, 'notReached', 'unreadable', bytesUnreadable);
}

/** The error for a read with another status than `ok`. */
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

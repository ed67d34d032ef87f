import { MemscanError } from '../base/errors.ts';
import { wholeNumber } from '../base/option-checks.ts';
import { LARGEST_READ } from '../native/constants.ts';
import type { Source } from '../native/source.ts';

/**
 * Checks the arguments of Memory.readEach() and reads. `byEntry`: read /proc/PID/pagemap instead of using PAGEMAP_SCAN.
 * Throws BAD_OPTION.
 */
export function readEach(
  source: Source,
  addresses: readonly bigint[],
  length: number,
  byEntry: boolean,
): readonly (Buffer | undefined)[] {
  wholeNumber('length', length, 1, Math.floor(LARGEST_READ / Math.max(1, addresses.length)));
  addresses.forEach(checkAddress);
  return source.readEach(BigUint64Array.from(addresses), length, byEntry);
}

function checkAddress(address: bigint): void {
  if (typeof address === 'bigint' && BigInt.asUintN(64, address) === address) return;
  throw new MemscanError(
    'BAD_OPTION',
    `bad address: ${String(address)}`,
    'give a bigint from 0 to 2 ** 64 - 1',
  );
}

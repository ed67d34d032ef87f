import { MemscanError } from '../base/errors.ts';
import { addon } from './addon.ts';

/** The kernel to use: the best, or the one MEMSCAN_KERNEL names. Throws BAD_OPTION where that does not run here. */
export function chooseKernel(): string {
  const wanted = process.env['MEMSCAN_KERNEL'];
  if (!wanted) return addon.kernels[0]!;
  if (addon.kernels.includes(wanted)) return wanted;
  throw new MemscanError(
    'BAD_OPTION',
    `MEMSCAN_KERNEL: no kernel '${wanted}' runs here`,
    `one of: ${addon.kernels.join(', ')}`,
  );
}

import { MemscanError } from '../base/errors.ts';
import { addon } from './addon.ts';

/** Chooses the kernel: the best one, or the one that MEMSCAN_KERNEL names. Throws BAD_OPTION if that cannot run here. */
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

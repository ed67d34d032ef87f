import type { Memory } from './memory.ts';
import { firstEndingAfter } from './ranges.ts';
import type { Region } from './region.ts';

/**
 * `memory` for following pointers that a target may have forged: nothing is read outside of those of `regions` that are
 * memory of the process.
 */
export function ownMemory(memory: Memory, regions: readonly Region[]): Memory {
  return {
    read(address, length) {
      const region = regions[firstEndingAfter(regions, address)];
      if (!region || address < region.start || address + BigInt(length) > region.end) return undefined;
      return isOwn(region) ? memory.read(address, length) : undefined;
    },
  };
}

/** Whether a region is memory of the process: what is shared and no memory is a file, that of a device's registers for one. */
export const isOwn = ({ kind, perms }: Region): boolean =>
  kind === 'shared' || (kind !== 'special' && perms.startsWith('r') && perms.endsWith('p'));

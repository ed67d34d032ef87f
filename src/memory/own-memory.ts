import type { Memory } from './memory.ts';
import { firstEndingAfter } from './ranges.ts';
import type { Region } from './region.ts';

/**
 * Restricts `memory` to the regions that isOwn() accepts, for following pointers that a target may have forged. Reads
 * elsewhere, or across a region's end, return undefined.
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

/**
 * Whether a region is ordinary memory of the process: shared memory, or a private readable mapping. Shared mappings of
 * files are not: they may map a device's registers.
 */
export const isOwn = ({ kind, perms }: Region): boolean =>
  kind === 'shared' || (kind !== 'special' && perms.startsWith('r') && perms.endsWith('p'));

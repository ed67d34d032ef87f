import type { Memory } from './memory.ts';
import { firstEndingAfter } from './ranges.ts';
import type { Region } from './region.ts';

/**
 * `memory` for following pointers that a target may have forged: reads only inside one of `regions` that is memory of
 * the process, and not more than `reads` times.
 */
export function limitedMemory(memory: Memory, regions: readonly Region[], reads: number): Memory {
  let left = reads;
  const read = (address: bigint, length: number): Buffer | undefined => {
    const region = regions[firstEndingAfter(regions, address)];
    if (!region || address < region.start || address + BigInt(length) > region.end) return undefined;
    return isOwn(region) && left-- > 0 ? memory.read(address, length) : undefined;
  };
  return { read };
}

// What is shared and no memory is a file: that of a device's registers in /sys, for one.
export const isOwn = ({ kind, perms }: Region): boolean =>
  kind === 'shared' || (kind !== 'special' && perms.startsWith('r') && perms.endsWith('p'));

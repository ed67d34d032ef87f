import type { Memory } from './memory.ts';
import type { Part } from './parts.ts';
import type { Region } from './target.ts';

export function isHotspot(_regions: readonly Region[]): boolean {
  return false;
}

export function hotspotParts(_pid: number, _regions: readonly Region[], _memory: Memory): Part[] {
  return [];
}

import type { Memory } from './memory.ts';
import type { Part } from './parts.ts';
import type { Region } from './target.ts';

export function threadStackParts(_pid: number, _regions: readonly Region[], _memory: Memory): Part[] {
  return [];
}

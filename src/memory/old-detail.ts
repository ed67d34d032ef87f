import { factsFrom, NO_FACTS, type RegionFacts } from './facts.ts';
import type { RegionKind } from './region.ts';

/** Fixed texts that memscan 0.1 wrote as a region's `detail`. Arena numbers and thread names are parsed below. */
const OLD_DETAILS: ReadonlyMap<string, RegionFacts> = new Map<string, RegionFacts>([
  ['main', { arena: 'main' }],
  ['(guess)', { isGuess: true }],
  ['class space', { use: 'class-space' }],
  ['card table', { use: 'card-table' }],
  ['G1 mark bitmap', { use: 'g1-mark-bitmap' }],
  ['G1 card or offset table', { use: 'g1-card-or-offset-table' }],
  ['code cache segment map', { use: 'code-cache-segment-map' }],
]);

/** Converts a region's `detail` text in a core or snapshot by memscan 0.1 to facts. */
export function factsFromDetail(kind: RegionKind, detail: string): RegionFacts {
  if (kind === 'thread-stack') {
    const [, id, name] = /^(\d{1,15}) (.{0,100})$/s.exec(detail) ?? [];
    return name === undefined ? NO_FACTS : { thread: { id: Number(id), name } };
  }
  if (kind === 'arena' && /^\d{1,15}$/.test(detail)) return { arena: Number(detail) };
  const known = OLD_DETAILS.get(detail);
  if (known) return known;
  return kind === 'java-heap' && detail !== '' ? (factsFrom({ collector: detail }) ?? NO_FACTS) : NO_FACTS;
}

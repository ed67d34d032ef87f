import type { HotspotUse, RegionFacts } from '../../memory/facts.ts';

const USES: Readonly<Record<HotspotUse, string>> = {
  'class-space': 'class space',
  'card-table': 'card table',
  'g1-mark-bitmap': 'G1 mark bitmap',
  'g1-card-or-offset-table': 'G1 card or offset table',
  'code-cache-segment-map': 'code cache segment map',
};

/**
 * What is known of a region beyond its kind, in words: `main`, `3` (an arena), `4711 worker-1` (a thread), `G1`,
 * `(guess)`; empty where nothing is known. Holds text that the target chose, not escaped.
 */
export function detailOf({ arena, thread, collector, use, isGuess }: RegionFacts): string {
  return [arena, thread && `${thread.id} ${thread.name}`, collector, use && USES[use], isGuess && '(guess)']
    .filter((word) => word !== undefined)
    .join(' ');
}

/** What is known of a region, in words, as the JSON member `detail`; no member where nothing is known. */
export function detailMember(facts: RegionFacts): { readonly detail?: string } {
  const detail = detailOf(facts);
  return detail === '' ? {} : { detail };
}

/** Details of a region beyond its kind. A member is missing if nothing is known. */
export interface RegionFacts {
  /** The arena of glibc's malloc that owns the region: `main`, or a number from 1 in order of addresses. */
  readonly arena?: number | 'main';
  /** The thread that uses the region as its stack. */
  readonly thread?: ThreadFacts;
  /** Common name of a Java heap's garbage collector, such as `G1`. */
  readonly collector?: string;
  /** Purpose of memory that HotSpot keeps for itself. */
  readonly use?: HotspotUse;
  /** The kind is inferred, not read from a runtime's own bookkeeping. */
  readonly isGuess?: true;
}

export interface ThreadFacts {
  readonly id: number;
  /** Chosen by the target, so it may hold any text. Empty if unknown, as in cores from other tools. */
  readonly name: string;
}

const HOTSPOT_USES = [
  'class-space',
  'card-table',
  'g1-mark-bitmap',
  'g1-card-or-offset-table',
  'code-cache-segment-map',
] as const;

export type HotspotUse = (typeof HOTSPOT_USES)[number];

export const NO_FACTS: RegionFacts = {};

/** Longest name of a thread or a collector accepted from a file, in UTF-16 code units. */
export const LONGEST_NAME = 100;

/**
 * Checks and copies facts that were parsed from JSON in a file, which anybody may have written. Returns undefined if a known
 * member has a wrong type or value. Drops unknown members.
 */
export function factsFrom(value: unknown): RegionFacts | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { arena, thread, collector, use, isGuess } = value as Record<string, unknown>;
  const isKnown =
    (arena === undefined || arena === 'main' || (isNumber(arena) && arena > 0)) &&
    (thread === undefined || isThread(thread)) &&
    (collector === undefined || isName(collector)) &&
    (use === undefined || isUse(use)) &&
    (isGuess === undefined || isGuess === true);
  if (!isKnown) return undefined;
  return {
    ...(arena !== undefined && { arena }),
    ...(thread !== undefined && { thread: { id: thread.id, name: thread.name } }),
    ...(collector !== undefined && { collector }),
    ...(use !== undefined && { use }),
    ...(isGuess !== undefined && { isGuess }),
  };
}

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME;

const isUse = (value: unknown): value is HotspotUse => HOTSPOT_USES.some((use) => use === value);

function isThread(value: unknown): value is ThreadFacts {
  const { id, name } = Object(value) as Record<string, unknown>;
  return isNumber(id) && isName(name);
}

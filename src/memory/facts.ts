/** What is known of a region beyond its kind. Members are missing where nothing is known. */
export interface RegionFacts {
  /** The arena of glibc's malloc that the region belongs to: the main one, or its number from 1 on, in order of addresses. */
  readonly arena?: number | 'main';
  /** The thread whose stack the region is. */
  readonly thread?: ThreadFacts;
  /** The garbage collector of a Java heap, by the name its users know: `G1`. */
  readonly collector?: string;
  /** What HotSpot uses memory of its own for. */
  readonly use?: HotspotUse;
  /** Less than a runtime's own bookkeeping speaks for the region's kind. */
  readonly isGuess?: true;
}

export interface ThreadFacts {
  readonly id: number;
  /** Any text, chosen by the target; empty where it is not known, as in cores of other tools. */
  readonly name: string;
}

export const HOTSPOT_USES = [
  'class-space',
  'card-table',
  'g1-mark-bitmap',
  'g1-card-or-offset-table',
  'code-cache-segment-map',
] as const;

export type HotspotUse = (typeof HOTSPOT_USES)[number];

export const NO_FACTS: RegionFacts = {};

/** Longest name of a thread or a collector that is taken from a file: in UTF-16 code units. */
const LONGEST_NAME = 100;

/**
 * Facts that a file holds as JSON, or undefined where the value is not what memscan writes: anybody can write a file.
 * Members that no fact has are dropped.
 */
export function factsFrom(value: unknown): RegionFacts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { arena, thread, collector, use, isGuess } = value as Record<string, unknown>;
  const isKnown =
    (arena === undefined || arena === 'main' || isNumber(arena)) &&
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

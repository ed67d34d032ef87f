/** How far two texts, or outlines, agree from their beginning. */
export interface Likeness {
  /** Length of the part that agrees, in code units. */
  readonly length: number;
  /** Indexes of odd characters in it: single ones that differ. */
  readonly odd: readonly number[];
}

/**
 * Characters that must agree after an odd one, unless the shorter text ends before. If one text ends right after an odd
 * character, so must the other.
 */
const LEAST_BETWEEN = 4;

/**
 * Returns how far two texts agree except for odd characters: single ones that differ while their neighbours agree. Such
 * a character is the length that many programs write before a text (PostgreSQL rows, Redis keys and lists,
 * MessagePack): if it is printable, it differs only because the texts' lengths differ.
 */
export function likeness(a: string, b: string): Likeness {
  const odd: number[] = [];
  const end = Math.min(a.length, b.length);
  let length = 0;
  for (; length < end; length++) {
    if (a[length] === b[length]) continue;
    if (!goesOn(a, b, length + 1)) break;
    odd.push(length);
  }
  return { length, odd };
}

function goesOn(a: string, b: string, from: number): boolean {
  const [next, other] = [a, b].map((text) => text.slice(from, from + LEAST_BETWEEN)) as [string, string];
  if (next === '' || other === '') return next === other;
  return next.startsWith(other) || other.startsWith(next);
}

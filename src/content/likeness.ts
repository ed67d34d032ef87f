/** How far two outlines, or texts, are alike. */
export interface Likeness {
  /** Characters, from the beginning. */
  readonly length: number;
  /** Which of them are odd. */
  readonly odd: readonly number[];
}

/** Characters that are the same behind an odd one, or as many as the shorter still has; none where both end. */
const LEAST_BETWEEN = 4;

/**
 * How far two are the same but for odd characters: single ones, with the same around them. Such is the length that many
 * programs write before a text (PostgreSQL's rows, Redis's keys and lists, MessagePack): where it is itself a character,
 * it differs with the text's length alone.
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

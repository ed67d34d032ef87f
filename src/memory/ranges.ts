/** Addresses of a process, or offsets in a file: [start, end). */
export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/** Whether an untyped value is a range of 64-bit addresses whose start is not above its end. */
export function isRange(value: unknown): value is Range {
  const { start, end } = Object(value) as Partial<Range>;
  if (typeof start !== 'bigint' || typeof end !== 'bigint') return false;
  return start >= 0n && start <= end && end < 2n ** 64n;
}

/** Formats a value for an error message, even if it is not a valid range. */
export function rangeText(value: unknown): string {
  const { start, end } = Object(value) as Partial<Range>;
  return `${start} to ${end}`;
}

/** Length of a range in bytes. */
export const sizeOf = ({ start, end }: Range): number => Number(end - start);

/** Total length of the ranges in bytes. */
export function sumOf(ranges: Iterable<Range>): number {
  let sum = 0;
  for (const range of ranges) sum += sizeOf(range);
  return sum;
}

/** Compares ranges by their start, for sorting. */
export const byStart = (a: Range, b: Range): number => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0);

/** The part of `range` inside `bounds`; undefined if they do not overlap. */
export function intersect(range: Range, bounds: Range): Range | undefined {
  const start = range.start > bounds.start ? range.start : bounds.start;
  const end = range.end < bounds.end ? range.end : bounds.end;
  return start < end ? { start, end } : undefined;
}

/** Sorts ranges, and joins those that overlap or touch. */
export function joinRanges(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of ranges.toSorted(byStart)) {
    const last = joined.at(-1);
    if (last && range.start <= last.end) {
      joined[joined.length - 1] = { start: last.start, end: range.end > last.end ? range.end : last.end };
    } else {
      joined.push(range);
    }
  }
  return joined;
}

/** Appends a range that starts at or after the end of the last of `ranges`; joins the two if they touch. */
export function addRange(ranges: Range[], { start, end }: Range): void {
  const last = ranges.at(-1);
  if (last?.end === start) ranges[ranges.length - 1] = { start: last.start, end };
  else ranges.push({ start, end });
}

/**
 * Index of the first of `ranges` (in order, no overlap) that ends after `address`: it holds the address or is the next one
 * above. `ranges.length` if there is none. Binary search.
 */
export function firstEndingAfter(ranges: readonly Range[], address: bigint): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Yields the parts of `ranges` (in order, no overlap) inside `bounds`, in order. Finds the first by binary search. */
export function* partsIn<R extends Range>(ranges: readonly R[], bounds: Range): Generator<R> {
  for (let i = firstEndingAfter(ranges, bounds.start); i < ranges.length; i++) {
    const part = intersect(ranges[i]!, bounds);
    if (!part) return;
    yield { ...ranges[i]!, ...part };
  }
}

/**
 * Cuts `range` at the edges of `ranges` (in order, no overlap). Returns all pieces in order; a piece that lies in one of
 * `ranges` has it as `inside`.
 */
export function cutAt<R extends Range>(
  range: Range,
  ranges: readonly R[],
): (Range & { readonly inside: R | undefined })[] {
  const pieces: (Range & { readonly inside: R | undefined })[] = [];
  let at = range.start;
  for (let i = firstEndingAfter(ranges, at); i < ranges.length && ranges[i]!.start < range.end; i++) {
    const inside = ranges[i]!;
    if (inside.start > at) pieces.push({ start: at, end: inside.start, inside: undefined });
    const part = intersect(inside, range)!;
    pieces.push({ ...part, inside });
    at = part.end;
  }
  if (at < range.end) pieces.push({ start: at, end: range.end, inside: undefined });
  return pieces;
}

/** The parts of `range` that none of `ranges` (in order, no overlap) covers. */
export const gapsIn = (range: Range, ranges: readonly Range[]): Range[] =>
  cutAt(range, ranges).flatMap(({ start, end, inside }) => (inside ? [] : [{ start, end }]));

/** The lower of two addresses. */
export const lower = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The higher of two addresses. */
export const higher = (a: bigint, b: bigint): bigint => (a > b ? a : b);

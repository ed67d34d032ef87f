/** Addresses of a process, or offsets of a file: [start, end). */
export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

/** Whether it is of addresses, its start not above its end. Values are looked at as JavaScript may give them. */
export function isRange(value: unknown): value is Range {
  const { start, end } = Object(value) as Partial<Range>;
  if (typeof start !== 'bigint' || typeof end !== 'bigint') return false;
  return start >= 0n && start <= end && end < 2n ** 64n;
}

/** For people, of what need not be a range. */
export function rangeText(value: unknown): string {
  const { start, end } = Object(value) as Partial<Range>;
  return `${start} to ${end}`;
}

/** Bytes. */
export const sizeOf = ({ start, end }: Range): number => Number(end - start);

/** Bytes of all together. */
export function sumOf(ranges: Iterable<Range>): number {
  let sum = 0;
  for (const range of ranges) sum += sizeOf(range);
  return sum;
}

/** For sorting, by where ranges begin. */
export const byStart = (a: Range, b: Range): number => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0);

/** The part of `range` inside `bounds`, or undefined. */
export function intersect(range: Range, bounds: Range): Range | undefined {
  const start = range.start > bounds.start ? range.start : bounds.start;
  const end = range.end < bounds.end ? range.end : bounds.end;
  return start < end ? { start, end } : undefined;
}

/** The same addresses in order and apart: what overlaps or touches is one range. */
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

/** Adds a range that begins where the last of `ranges` ends, or behind it. */
export function addRange(ranges: Range[], { start, end }: Range): void {
  const last = ranges.at(-1);
  if (last?.end === start) ranges[ranges.length - 1] = { start: last.start, end };
  else ranges.push({ start, end });
}

/** The index of the first of `ranges` (in order, apart) that ends after `address`: it holds the address or is the next. */
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

/** The parts of `ranges` (in order, apart) that lie in `bounds`, by binary search: there may be tens of thousands. */
export function* partsIn<R extends Range>(ranges: readonly R[], bounds: Range): Generator<R> {
  for (let i = firstEndingAfter(ranges, bounds.start); i < ranges.length; i++) {
    const part = intersect(ranges[i]!, bounds);
    if (!part) return;
    yield { ...ranges[i]!, ...part };
  }
}

/** All of `range` in order, cut where `ranges` (in order, apart) begin and end: what lies in one has that as `inside`. */
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

/** What of `range` none of `ranges` (in order, apart) covers. */
export const gapsIn = (range: Range, ranges: readonly Range[]): Range[] =>
  cutAt(range, ranges).flatMap(({ start, end, inside }) => (inside ? [] : [{ start, end }]));

/** The lower of two addresses. */
export const lower = (a: bigint, b: bigint): bigint => (a < b ? a : b);

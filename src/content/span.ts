/** A piece of a text: code units or bytes, [begin, end). */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/** What the spans cover, in order and apart from each other. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.begin - b.begin)) {
    const last = apart.at(-1);
    if (!last || span.begin > last.end) apart.push(span);
    else if (span.end > last.end) apart[apart.length - 1] = { begin: last.begin, end: span.end };
  }
  return apart;
}

/** Whether one of the spans, in order and apart from each other, overlaps `other`. */
export function overlaps(spans: readonly Span[], other: Span): boolean {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end > other.begin) high = middle;
    else low = middle + 1;
  }
  return low < spans.length && spans[low]!.begin < other.end;
}

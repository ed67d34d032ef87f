/** A piece of a text in code units or bytes: [begin, end). */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/** Joins spans that overlap or touch; returns them in order. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.begin - b.begin)) {
    const last = apart.at(-1);
    if (!last || span.begin > last.end) apart.push(span);
    else if (span.end > last.end) apart[apart.length - 1] = { begin: last.begin, end: span.end };
  }
  return apart;
}

/** Whether `other` overlaps one of the spans, which are in order, without overlap. */
export function overlaps(spans: readonly Span[], other: Span): boolean {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end > other.begin) high = middle;
    else low = middle + 1;
  }
  return low < spans.length && spans[low]!.begin < other.end;
}

import type { Encoding } from '../native.ts';
import { textLength } from '../scan/encodings.ts';
import type { Pattern } from '../scan/pattern.ts';
import { matchesOf } from '../scan/patterns.ts';

/** Bytes, [begin, end). */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

const STAR = 0x2a;

/** Hides secrets: what is hidden of one is its pattern's to say. Its characters are ASCII, and each becomes a star. */
export class Secrets {
  constructor(private readonly patterns: readonly Pattern[]) {}

  /** Hides those of a string, in the bytes of its text; returns where. */
  hide(text: string, bytes: Buffer, encoding: Encoding): Span[] {
    const spans = this.spansIn(text).map(({ begin, end }) => {
      const first = textLength(text.slice(0, begin), encoding);
      return { begin: first, end: first + textLength(text.slice(begin, end), encoding) };
    });
    for (const { begin, end } of spans) bytes.fill(STAR, begin, end);
    return spans;
  }

  /** Hides those that stand anywhere in memory, in ASCII or UTF-16. */
  hideInMemory(bytes: Buffer): void {
    const views = [placesOf(bytes, 1, 0), placesOf(bytes, 2, 0), placesOf(bytes, 2, 1)].map((places) => {
      const text = Buffer.from(places.map((at) => bytes[at]!)).toString('latin1');
      return { places, spans: this.spansIn(text) };
    });
    for (const view of views) {
      for (const { begin, end } of view.spans)
        for (const at of view.places.slice(begin, end)) bytes[at] = STAR;
    }
  }

  /** In code units. */
  private spansIn(text: string): Span[] {
    return this.patterns.flatMap((pattern) =>
      [...matchesOf(pattern, text)].flatMap(({ begin, end }) => {
        const hidden = pattern.hides!(text.slice(begin, end));
        return hidden.begin < hidden.end ? { begin: begin + hidden.begin, end: begin + hidden.end } : [];
      }),
    );
  }
}

/** Every byte, or every second one from `first` on: of UTF-16 those of ASCII characters, in either order. */
const placesOf = (bytes: Buffer, step: number, first: number): number[] =>
  Array.from({ length: Math.max(0, Math.ceil((bytes.length - first) / step)) }, (_, i) => first + i * step);

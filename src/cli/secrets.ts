import type { Encoding } from '../encodings.ts';
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
    const found = VIEWS.map(({ step, first }) => ({
      step,
      first,
      spans: this.spansIn(everyByte(bytes, step, first).toString('latin1')),
    }));
    for (const { step, first, spans } of found) {
      for (const { begin, end } of spans) for (let i = begin; i < end; i++) bytes[first + step * i] = STAR;
    }
  }

  /** In code units; all of a text that the engine has not enough memory for. */
  private spansIn(text: string): Span[] {
    try {
      return this.spansOf(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [{ begin: 0, end: text.length }];
    }
  }

  private spansOf(text: string): Span[] {
    return this.patterns.flatMap((pattern) =>
      [...matchesOf(pattern, text)].flatMap(({ begin, end }) => {
        const hidden = pattern.hides!(text.slice(begin, end));
        return hidden.begin < hidden.end ? { begin: begin + hidden.begin, end: begin + hidden.end } : [];
      }),
    );
  }
}

/** Every byte, or every second one: of UTF-16 those of ASCII characters, in either order. */
const VIEWS = [
  { step: 1, first: 0 },
  { step: 2, first: 0 },
  { step: 2, first: 1 },
] as const;

function everyByte(bytes: Buffer, step: number, first: number): Buffer {
  if (step === 1) return bytes;
  const some = Buffer.alloc(Math.max(0, Math.ceil((bytes.length - first) / step)));
  for (let i = 0; i < some.length; i++) some[i] = bytes[first + step * i]!;
  return some;
}

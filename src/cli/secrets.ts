import { type Family, isCut } from '../content/family.ts';
import { commonShape, type ShapePart } from '../content/shape.ts';
import type { Encoding } from '../encodings.ts';
import { textLength } from '../scan/encodings.ts';
import type { Pattern } from '../scan/pattern.ts';
import { matchesOf, type Patterns } from '../scan/patterns.ts';

/** Bytes, [begin, end). */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

const STAR = 0x2a;

/** What hides the secrets that were asked for; undefined where none were, or all are to be shown. */
export function secretsOf(patterns: Patterns | undefined, showSecrets: boolean): Secrets | undefined {
  const hiding = showSecrets ? [] : (patterns?.list.filter(({ hides }) => hides) ?? []);
  return hiding.length > 0 ? new Secrets(hiding) : undefined;
}

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

  /** Hides those of a family's samples. Its shape is that of what is left of them where it told more. */
  hideInFamily<Of extends Family>(family: Of): Of {
    const samples = family.samples.map((sample) => ({
      ...sample,
      text: this.hideInText(sample.text, isCut(sample)),
    }));
    const texts = samples.map(({ text }) => text);
    const isTold = texts.every((text) => hasTextOf(family.shape, text));
    const shape = isTold ? family.shape : commonShape(texts.map((text) => Buffer.from(text)));
    return { ...family, shape, samples };
  }

  /** Of a text that was cut, its last word may be a secret's beginning. */
  private hideInText(text: string, isCut: boolean): string {
    const units = text.split('');
    const spans = [...this.spansIn(text), ...(isCut ? lastWordOf(text) : [])];
    for (const { begin, end } of spans) units.fill('*', begin, end);
    return units.join('');
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

/** Whether the text has all that the shape tells of texts, in order. */
function hasTextOf(shape: readonly ShapePart[], text: string): boolean {
  let end = 0;
  return shape.every((part) => {
    if (!('text' in part)) return true;
    const at = text.indexOf(part.text, end);
    end = at + part.text.length;
    return at >= 0;
  });
}

/** Letters, digits and what else tokens and keys are made of; or digits in groups. */
const LAST_WORD = /(?:[\w+/=.-]{5,}|\d[\d -]{4,})$/;

/** All but its first four characters, if it has more. */
function lastWordOf(text: string): Span[] {
  const word = LAST_WORD.exec(text);
  return word ? [{ begin: word.index + 4, end: text.length }] : [];
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

import type { Encoding } from '../base/encodings.ts';
import { type Family, isCut } from '../content/family.ts';
import { commonShape, type ShapePart } from '../content/shape.ts';
import { textLength } from '../scan/encodings.ts';
import type { Pattern } from '../scan/pattern.ts';
import { matchesOf, type Patterns } from '../scan/patterns.ts';

/** Bytes, [begin, end). */
export interface Span {
  readonly begin: number;
  readonly end: number;
}

/** Whether a text goes on before its beginning, and behind its end. */
export interface Cut {
  readonly cutBefore: boolean;
  readonly cutAfter: boolean;
}

const WHOLE: Cut = { cutBefore: false, cutAfter: false };

const STAR = 0x2a;

/** What hides the secrets that were asked for; undefined where none were, or all are to be shown. */
export function secretsOf(patterns: Patterns | undefined, showSecrets: boolean): Secrets | undefined {
  const hiding = showSecrets ? [] : (patterns?.list.filter(({ hides }) => hides) ?? []);
  return hiding.length > 0 ? new Secrets(hiding) : undefined;
}

/** Hides secrets: what is hidden of one is its pattern's to say. Its characters are ASCII, and each becomes a star. */
export class Secrets {
  constructor(private readonly patterns: readonly Pattern[]) {}

  /** Hides those of a string, in the bytes of its text; returns where, in order. */
  hide(text: string, bytes: Buffer, encoding: Encoding, cut: Cut = WHOLE): Span[] {
    let [unit, offset] = [0, 0];
    const spans = joined([...this.spansIn(text), ...wordsAtCuts(text, cut)]).map(({ begin, end }) => {
      const first = offset + textLength(text.slice(unit, begin), encoding);
      offset = first + textLength(text.slice(begin, end), encoding);
      unit = end;
      return { begin: first, end: offset };
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

  private hideInText(text: string, isCut: boolean): string {
    const units = text.split('');
    const spans = [...this.spansIn(text), ...wordsAtCuts(text, { cutBefore: false, cutAfter: isCut })];
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
const FIRST_WORD = /^(?:[\w+/=.-]{5,}|[\d -]{4,}\d)/;
const LAST_WORD = /(?:[\w+/=.-]{5,}|\d[\d -]{4,})$/;

/** Where a text is cut, a secret may be, too: all of the words there but the four characters at their other ends. */
function wordsAtCuts(text: string, { cutBefore, cutAfter }: Cut): Span[] {
  const first = cutBefore ? FIRST_WORD.exec(text)?.[0] : undefined;
  const last = cutAfter ? LAST_WORD.exec(text)?.[0] : undefined;
  return [
    ...(first === undefined ? [] : [{ begin: 0, end: first.length - 4 }]),
    ...(last === undefined ? [] : [{ begin: text.length - last.length + 4, end: text.length }]),
  ];
}

/** What the spans cover, in order, and apart from each other. */
function joined(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.begin - b.begin)) {
    const last = apart.at(-1);
    if (!last || span.begin > last.end) apart.push(span);
    else if (span.end > last.end) apart.splice(-1, 1, { begin: last.begin, end: span.end });
  }
  return apart;
}

/** Whether one of the spans, in order and apart from each other, has a part of `other`. */
export function touches(spans: readonly Span[], other: Span): boolean {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.end > other.begin) high = middle;
    else low = middle + 1;
  }
  return low < spans.length && spans[low]!.begin < other.end;
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

import type { Encoding } from '../base/encodings.ts';
import { textLength } from '../scan/encodings.ts';
import type { Pattern } from '../scan/pattern.ts';
import { matchesOf } from '../scan/patterns.ts';
import { type Cut, secretsAtCuts, WHOLE } from './secrets-at-cuts.ts';
import { joinSpans, type Span } from './span.ts';

/** A pattern that finds secrets. */
export type SecretPattern = Pattern & { readonly hides: NonNullable<Pattern['hides']> };

/** Returns the patterns that find secrets; undefined if there are none. */
export function secretPatterns(patterns: readonly Pattern[] = []): readonly SecretPattern[] | undefined {
  const list = patterns.filter((pattern): pattern is SecretPattern => pattern.hides !== undefined);
  return list.length > 0 ? list : undefined;
}

/** The parts of a text that must not be shown, in code units: in order, without overlap. */
export const secretsIn = (text: string, patterns: readonly SecretPattern[], cut: Cut = WHOLE): Span[] =>
  joinSpans([...wholeSecrets(text, patterns), ...secretsAtCuts(text, patterns, cut)]);

/** Returns the text with a star for each code unit that must not be shown. */
export function maskText(text: string, patterns: readonly SecretPattern[], cut: Cut = WHOLE): string {
  let masked = '';
  let shown = 0;
  for (const { begin, end } of secretsIn(text, patterns, cut)) {
    masked += text.slice(shown, begin) + '*'.repeat(end - begin);
    shown = end;
  }
  return masked + text.slice(shown);
}

/**
 * Masks the secrets of a string in `bytes`, its text as the addon returns it: ASCII, or UTF-8 for all other encodings.
 * Returns which bytes became stars, in order, without overlap.
 */
export function maskBytes(
  bytes: Buffer,
  text: string,
  encoding: Encoding,
  patterns: readonly SecretPattern[],
  cut: Cut = WHOLE,
): Span[] {
  const spans = inBytes(secretsIn(text, patterns, cut), text, encoding);
  for (const { begin, end } of spans) bytes.fill(STAR, begin, end);
  return spans;
}

/** Masks secrets in memory of any content, in ASCII or in UTF-16 of either byte order, at any address. */
export function maskMemory(bytes: Buffer, patterns: readonly SecretPattern[]): void {
  const found = VIEWS.map(({ step, first }) => ({
    step,
    first,
    spans: secretsIn(everyByte(bytes, step, first).toString('latin1'), patterns),
  }));
  for (const { step, first, spans } of found) {
    for (const { begin, end } of spans) for (let i = begin; i < end; i++) bytes[first + step * i] = STAR;
  }
}

const STAR = 0x2a;

/** A text that the engine has too little memory to search counts as one secret. */
function wholeSecrets(text: string, patterns: readonly SecretPattern[]): Span[] {
  try {
    return patterns.flatMap((pattern) => secretsOf(pattern, text));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ begin: 0, end: text.length }];
  }
}

const secretsOf = (pattern: SecretPattern, text: string): Span[] =>
  [...matchesOf(pattern, text)].flatMap(({ begin, end }) => {
    const hidden = pattern.hides(text.slice(begin, end));
    return hidden.begin < hidden.end ? { begin: begin + hidden.begin, end: begin + hidden.end } : [];
  });

/** Converts spans of code units to spans of bytes. Measures each part of the text once. */
function inBytes(spans: readonly Span[], text: string, encoding: Encoding): Span[] {
  let [unit, offset] = [0, 0];
  return spans.map(({ begin, end }) => {
    const first = offset + textLength(text.slice(unit, begin), encoding);
    offset = first + textLength(text.slice(begin, end), encoding);
    unit = end;
    return { begin: first, end: offset };
  });
}

/** Every byte, and every second byte: in UTF-16 these hold the ASCII characters. */
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

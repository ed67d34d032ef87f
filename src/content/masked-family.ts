import { type Family, isCut } from './family.ts';
import { maskText, type SecretPattern } from './masking.ts';
import { commonShape, type ShapePart } from './shape.ts';

/**
 * Masks the secrets in a family's samples. If its shape contains masked text, the shape is replaced with that of the
 * masked samples.
 */
export function maskFamily<Of extends Family>(family: Of, patterns: readonly SecretPattern[]): Of {
  const samples = family.samples.map((sample) => ({
    ...sample,
    text: maskText(sample.text, patterns, { cutBefore: false, cutAfter: isCut(sample) }),
  }));
  const texts = samples.map(({ text }) => text);
  const isShown = texts.every((text) => hasTextOf(family.shape, text));
  const shape = isShown ? family.shape : commonShape(texts.map((text) => Buffer.from(text)));
  return { ...family, shape, samples };
}

/** Whether the text contains all text of the shape, in order. */
function hasTextOf(shape: readonly ShapePart[], text: string): boolean {
  let end = 0;
  return shape.every((part) => {
    if (!('text' in part)) return true;
    const at = text.indexOf(part.text, end);
    end = at + part.text.length;
    return at >= 0;
  });
}

import { addon } from '../native/addon.ts';
import { likeness } from './likeness.ts';

/** Kinds of placeholders in shapes. */
export const PLACEHOLDERS = ['n', 'hex', 'uuid', 'b64', 'time', 'ip', 'str'] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

/** A part of a shape: text that all strings of a family have in common, or a placeholder where they differ. */
export type ShapePart = { readonly text: string } | { readonly placeholder: Placeholder };

/** A part of one text: its text, and the kind of placeholder if it is one. */
interface TextPart {
  readonly text: string;
  readonly placeholder: Placeholder | undefined;
}

/** Stands for a placeholder in outlines: a private-use character, which no string contains. */
const ANY = '\ue000';

/** Splits the beginning of a text into parts. `text` may end within a character. */
export function partsOf(text: Buffer): TextPart[] {
  const numbers = addon.shapeOf(text);
  const parts: TextPart[] = [];
  for (let i = 0, begin = 0; i < numbers.length; i += 2) {
    const end = numbers[i + 1]!;
    const part = text
      .subarray(begin, end)
      .toString()
      .replace(/\ufffd+$/, '');
    parts.push({ text: part, placeholder: PLACEHOLDERS[numbers[i]! - 1] });
    begin = end;
  }
  return parts;
}

/**
 * The outline of a text, as one string for comparison: literal text with spaces collapsed, and ANY for each
 * placeholder.
 */
export const outlineOf = (parts: readonly TextPart[]): string =>
  parts.map(({ text, placeholder }) => (placeholder === undefined ? text.replace(/ +/g, ' ') : ANY)).join('');

export const hasPlaceholder = (outline: string): boolean => outline.includes(ANY);

/** Number of code units in an outline that are literal. */
export const literalLength = (outline: string): number => outline.replaceAll(ANY, '').length;

/** Whether two texts have the same shape, as far as both reach, except for odd characters; see likeness(). */
export function differInCharacters(a: Buffer, b: Buffer): boolean {
  const [first, second] = [outlineOf(partsOf(a)), outlineOf(partsOf(b))];
  const { length, odd } = likeness(first, second);
  const isWhole = length === Math.min(first.length, second.length);
  return isWhole && odd.length > 0 && odd.every((at) => first[at] !== ANY && second[at] !== ANY);
}

/**
 * Returns the common shape of a family's texts, from their beginning. Placeholders with the same content everywhere
 * become text. The shape ends where the texts differ otherwise (except in odd characters), or where fewer than half of
 * them continue.
 */
export function commonShape(texts: readonly Buffer[]): ShapePart[] {
  const all = texts.map(partsOf);
  const shape: ShapePart[] = [];
  for (let i = 0; ; i++) {
    const here = all.flatMap((parts) =>
      i < parts.length ? [{ ...parts[i]!, isLast: i === parts.length - 1 }] : [],
    );
    if (here.length === 0 || 2 * here.length < all.length) break;
    const { parts, ends } = commonParts(here, Math.ceil(all.length / 2));
    shape.push(...parts);
    if (ends) break;
  }
  const named = joined(withoutOddEnds(shape));
  return named.some((part) => 'placeholder' in part || part.text.trim() !== '')
    ? named
    : [{ placeholder: 'str' }];
}

interface PartHere extends TextPart {
  /** The part is the last of its text, and may be cut. */
  readonly isLast: boolean;
}

interface CommonParts {
  readonly parts: readonly ShapePart[];
  /** The shape ends here. */
  readonly ends: boolean;
}

/**
 * What these parts, at the same index of their texts, have in common. `most` is the number of texts that must continue.
 */
function commonParts(parts: readonly PartHere[], most: number): CommonParts {
  const { text } = parts[0]!;
  if (parts.every((part) => part.text === text)) return { parts: [{ text }], ends: false };
  const placeholders = parts.flatMap(({ placeholder }) => placeholder ?? []);
  if (placeholders.length === 0) return commonText(parts, most);
  const isRest = parts.every(({ placeholder, isLast }) => placeholder !== undefined || isLast);
  return isRest
    ? { parts: [{ placeholder: commonPlaceholder(placeholders) }], ends: false }
    : { parts: [], ends: true };
}

function commonText(all: readonly PartHere[], most: number): CommonParts {
  const parts = withoutStray(all, most);
  const longest = parts.reduce((a, b) => (b.text.length > a.text.length ? b : a)).text;
  const isAlike = ({ text, isLast }: PartHere): boolean =>
    (isLast || text.length === longest.length) && likeness(text, longest).length === text.length;
  if (!parts.every(isAlike)) {
    const whole = parts.filter(({ text, isLast }) => !(isLast && longest.startsWith(text)));
    const text = commonBeginning([longest, ...whole.map((part) => part.text)]);
    return { parts: text === '' ? [] : [{ text }], ends: true };
  }
  const lengths = parts.map(({ text }) => text.length).toSorted((a, b) => b - a);
  const odd = new Set(parts.flatMap(({ text }) => likeness(text, longest).odd));
  return { parts: splitAt(longest.slice(0, lengths[most - 1]), odd), ends: false };
}

/** Maximum number of stray characters after an overwritten end. */
const MOST_STRAY = 4;

/**
 * Removes stray characters from texts that end in this part, if at least `most` texts continue and all of these agree.
 */
function withoutStray(parts: readonly PartHere[], most: number): readonly PartHere[] {
  const whole = parts.filter(({ isLast }) => !isLast).map(({ text }) => text);
  if (whole.length < most || whole.some((text) => text !== whole[0])) return parts;
  return parts.map((part) => {
    const text = commonBeginning([part.text, whole[0]!]);
    return part.isLast && part.text.length - text.length <= MOST_STRAY ? { ...part, text } : part;
  });
}

/** An odd character. */
const ODD: ShapePart = { placeholder: 'str' };

/** Splits a text, with ODD in place of the code units at these indexes. */
function splitAt(text: string, odd: ReadonlySet<number>): ShapePart[] {
  const parts: ShapePart[] = [];
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    const isOdd = odd.has(at) || (character.length > 1 && odd.has(at + 1));
    if (!isOdd) parts.push({ text: character });
    else if (parts.at(-1) !== ODD) parts.push(ODD);
    at += character.length;
  }
  return parts;
}

/** An odd character at the beginning or end is not part of the text. */
const withoutOddEnds = (shape: readonly ShapePart[]): readonly ShapePart[] =>
  shape.slice(shape[0] === ODD ? 1 : 0, shape.at(-1) === ODD ? -1 : undefined);

/** A shape as text, for people: placeholders in angle brackets. */
export const shapeText = (shape: readonly ShapePart[]): string =>
  shape.map((part) => ('text' in part ? part.text : `<${part.placeholder}>`)).join('');

function commonPlaceholder(placeholders: readonly Placeholder[]): Placeholder {
  const kinds = new Set(placeholders);
  if (kinds.size === 1) return placeholders[0]!;
  return [...kinds].every((placeholder) => placeholder === 'n' || placeholder === 'hex') ? 'hex' : 'str';
}

function commonBeginning(texts: readonly string[]): string {
  const shortest = texts.reduce((a, b) => (b.length < a.length ? b : a));
  let length = 0;
  while (length < shortest.length && texts.every((text) => text[length] === shortest[length])) length++;
  return shortest.slice(0, length);
}

function joined(shape: readonly ShapePart[]): ShapePart[] {
  const result: ShapePart[] = [];
  for (const part of shape) {
    const last = result.at(-1);
    if (last && 'text' in last && 'text' in part) result[result.length - 1] = { text: last.text + part.text };
    else result.push(part);
  }
  return result;
}

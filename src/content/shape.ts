import { addon } from '../native/addon.ts';
import { likeness } from './likeness.ts';

/** What stands in a placeholder of a shape. */
export const PLACEHOLDERS = ['n', 'hex', 'uuid', 'b64', 'time', 'ip', 'str'] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

/** A part of a shape: text that all strings of a family have, or a placeholder, where they differ. */
export type ShapePart = { readonly text: string } | { readonly placeholder: Placeholder };

/** A part of one text's shape: what stands there, and what kind of placeholder it is, if any. */
interface TextPart {
  readonly text: string;
  readonly placeholder: Placeholder | undefined;
}

/** Stands for a placeholder where shapes are compared: private use, which no string has. */
const ANY = '\ue000';

/** The parts of a text's first bytes, which may end within a character. */
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

/** One string for what the parts have in common with others of their shape: whatever stands in placeholders, and is `ANY`. */
export const outlineOf = (parts: readonly TextPart[]): string =>
  parts.map(({ text, placeholder }) => (placeholder === undefined ? text.replace(/ +/g, ' ') : ANY)).join('');

export const hasPlaceholder = (outline: string): boolean => outline.includes(ANY);

/** Characters of an outline that stand for themselves. */
export const literalLength = (outline: string): number => outline.replaceAll(ANY, '').length;

/** Whether two texts have one shape, as far as both go, but for odd characters: see likeness(). */
export function differInCharacters(a: Buffer, b: Buffer): boolean {
  const [first, second] = [outlineOf(partsOf(a)), outlineOf(partsOf(b))];
  const { length, odd } = likeness(first, second);
  const isWhole = length === Math.min(first.length, second.length);
  return isWhole && odd.length > 0 && odd.every((at) => first[at] !== ANY && second[at] !== ANY);
}

/**
 * What texts of one family have in common, from their beginning: where all hold the same in a placeholder, that stands there;
 * where they differ otherwise, but for odd characters, or fewer than half go on, the shape ends.
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
  /** Its text ends with it, perhaps too early. */
  readonly isLast: boolean;
}

interface CommonParts {
  readonly parts: readonly ShapePart[];
  /** Whether the shape ends there. */
  readonly ends: boolean;
}

/** What parts in one place, `most` of them at least, have in common. */
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

/** Characters of what was written over a text's end that may stand behind what is left of it. */
const MOST_STRAY = 4;

/** Cuts texts that end there to what they have in common with those that go on, where `most` do, all with the same. */
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

/** The text with ODD in place of the code units of these numbers. */
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

/** At its beginning or end, what an odd character stands for is not part of the text. */
const withoutOddEnds = (shape: readonly ShapePart[]): readonly ShapePart[] =>
  shape.slice(shape[0] === ODD ? 1 : 0, shape.at(-1) === ODD ? -1 : undefined);

/** For people: placeholders in angle brackets. */
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

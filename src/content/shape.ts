import { addon } from '../native.ts';

/** What stands in a hole of a shape. */
export const HOLES = ['n', 'hex', 'uuid', 'b64', 'time', 'ip', 'str'] as const;

export type Hole = (typeof HOLES)[number];

/** A part of a shape: text that all strings of a family have, or a hole, where they differ. */
export type ShapePart = { readonly text: string } | { readonly hole: Hole };

/** A part of one text's shape: what stands there, and what kind of hole it is, if any. */
interface TextPart {
  readonly text: string;
  readonly hole: Hole | undefined;
}

/** Stands for a hole where shapes are compared: private use, which no string has. */
const HOLE = '\ue000';

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
    parts.push({ text: part, hole: HOLES[numbers[i]! - 1] });
    begin = end;
  }
  return parts;
}

/** One string for what the parts have in common with others of their shape: whatever stands in holes, and is `HOLE`. */
export const outlineOf = (parts: readonly TextPart[]): string =>
  parts.map(({ text, hole }) => (hole === undefined ? text.replace(/ +/g, ' ') : HOLE)).join('');

/** Characters of an outline that stand for themselves. */
export const literalLength = (outline: string): number => outline.replaceAll(HOLE, '').length;

/**
 * What texts of one family have in common, from their beginning: where all hold the same in a hole, that stands there;
 * where they differ otherwise, or fewer than half go on, the shape ends.
 */
export function commonShape(texts: readonly Buffer[]): ShapePart[] {
  const all = texts.map(partsOf);
  const shape: ShapePart[] = [];
  for (let i = 0; ; i++) {
    const here = all.flatMap((parts) =>
      i < parts.length ? [{ ...parts[i]!, isLast: i === parts.length - 1 }] : [],
    );
    if (here.length === 0 || 2 * here.length < all.length) break;
    const { part, ends } = commonPart(here, Math.ceil(all.length / 2));
    if (part) shape.push(part);
    if (ends) break;
  }
  return joined(shape);
}

interface PlacedPart extends TextPart {
  /** Its text ends with it, perhaps too early. */
  readonly isLast: boolean;
}

/** What parts in one place, `most` of them at least, have in common, and whether the shape ends there. */
function commonPart(parts: readonly PlacedPart[], most: number): { part?: ShapePart; ends: boolean } {
  const longest = parts.reduce((a, b) => (b.text.length > a.text.length ? b : a));
  if (parts.every(({ text }) => text === longest.text)) return { part: { text: longest.text }, ends: false };
  const holes = parts.flatMap(({ hole }) => hole ?? []);
  if (holes.length === parts.length) return { part: { hole: commonHole(holes) }, ends: false };
  if (holes.length > 0) {
    const isRest = parts.every(({ hole, isLast }) => hole !== undefined || isLast);
    return isRest ? { part: { hole: commonHole(holes) }, ends: false } : { ends: true };
  }
  if (parts.every(({ text, isLast }) => text === longest.text || (isLast && longest.text.startsWith(text)))) {
    const lengths = parts.map(({ text }) => text.length).toSorted((a, b) => b - a);
    return { part: { text: longest.text.slice(0, lengths[most - 1]) }, ends: false };
  }
  const whole = parts.filter(({ text, isLast }) => !(isLast && longest.text.startsWith(text)));
  const text = commonBeginning([longest, ...whole].map((part) => part.text));
  return { ...(text !== '' && { part: { text } }), ends: true };
}

/** For people: holes in angle brackets. */
export const shapeText = (shape: readonly ShapePart[]): string =>
  shape.map((part) => ('text' in part ? part.text : `<${part.hole}>`)).join('');

function commonHole(holes: readonly Hole[]): Hole {
  const kinds = new Set(holes);
  if (kinds.size === 1) return holes[0]!;
  return [...kinds].every((hole) => hole === 'n' || hole === 'hex') ? 'hex' : 'str';
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

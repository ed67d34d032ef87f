// Characters that are invisible or that reorder or hide their neighbours: controls, bidi and other format characters,
// fillers, line separators, surrogate halves. Variation selectors are excluded: they choose how an emoji is drawn.
const HIDDEN = new RegExp(
  String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}[\p{Default_Ignorable_Code_Point}--\p{Variation_Selector}]]`,
  'gv',
);

/** Makes text safe for a terminal: hidden characters become `\u{…}`. */
export const visible = (text: string): string =>
  text.replace(HIDDEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);

/** JSON that is safe for a terminal: it parses to the same value, with hidden characters as `\uXXXX`. */
export const visibleJson = (value: unknown): string =>
  JSON.stringify(value).replace(HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, i) => unitEscape(character.charCodeAt(i))).join(''),
  );

const unitEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

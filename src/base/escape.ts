// Characters that show nothing or move what stands beside them: controls, bidi and other format characters, fillers, line
// separators, halves of surrogate pairs. (Not variation selectors: they make an emoji what it is.)
const HIDDEN = new RegExp(
  String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}[\p{Default_Ignorable_Code_Point}--\p{Variation_Selector}]]`,
  'gv',
);

/** Text that steers no terminal: hidden characters as `\u{…}`. */
export const visible = (text: string): string =>
  text.replace(HIDDEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);

/** JSON that steers no terminal either: the same value, hidden characters as `\uXXXX`. */
export const visibleJson = (value: unknown): string =>
  JSON.stringify(value).replace(HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, i) => unitEscape(character.charCodeAt(i))).join(''),
  );

const unitEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** One of these is matched. */
export interface Texts {
  readonly texts: readonly string[];
  /** ASCII letters, in lower case, stand for both cases; other letters are there in each of their cases. */
  readonly ignoreCase: boolean;
  /** Each of them is matched, whatever stands around it. */
  readonly isExact: boolean;
}

/** Products are made up to so many texts. */
const MOST_EXPANDED = 64;

/** Texts of an alternation: words from a file, say. */
const MOST_TEXTS = 4096;

/** In characters. */
const LONGEST = 1024;

export const emptyText = (ignoreCase: boolean, isExact: boolean): Texts => ({
  texts: [''],
  ignoreCase,
  isExact,
});

/** One of some characters. */
export function textsOf(characters: readonly number[], ignoreCase: boolean): Texts | undefined {
  const texts = folded(
    characters.map((character) => String.fromCodePoint(character)),
    ignoreCase,
  );
  return texts.length <= MOST_EXPANDED ? { texts, ignoreCase, isExact: true } : undefined;
}

/** The one, then the other. */
export function joinedTexts(a: Texts, b: Texts): Texts | undefined {
  const texts = product(a.texts, b.texts);
  const ignoreCase = a.ignoreCase || b.ignoreCase;
  const isExact = a.isExact && b.isExact && a.ignoreCase === b.ignoreCase;
  return texts && { texts: folded(texts, ignoreCase), ignoreCase, isExact };
}

function product(a: readonly string[], b: readonly string[]): string[] | undefined {
  if (a.length * b.length > Math.max(MOST_EXPANDED, a.length, b.length)) return undefined;
  const texts = a.flatMap((before) => b.map((after) => before + after));
  return texts.every(({ length }) => length <= LONGEST) ? texts : undefined;
}

/** Each is a single text, and they are not too long for one. */
export const areOneWord = (
  { texts: [a = '', ...others] }: Texts,
  { texts: [b = '', ...more] }: Texts,
): boolean => others.length + more.length === 0 && a.length + b.length <= LONGEST;

/** One of several. */
export function anyTexts(all: readonly (Texts | undefined)[]): Texts | undefined {
  if (!all.every((each) => each !== undefined)) return undefined;
  const ignoreCase = all.some((each) => each.ignoreCase);
  const isExact = all.every((each) => each.isExact && each.ignoreCase === ignoreCase);
  const texts = folded(
    all.flatMap((each) => each.texts),
    ignoreCase,
  );
  return texts.length <= MOST_TEXTS ? { texts, ignoreCase, isExact } : undefined;
}

/** From `min` to `max` times in a row. */
export function repeatedTexts({ texts, ...rest }: Texts, min: number, max: number): Texts | undefined {
  const all = new Set<string>();
  let power: readonly string[] = [''];
  for (let count = 0; count <= max; count++) {
    // Once more is the same: no text, or the empty one.
    const isSame = count > 0 && power.every((text) => text === '');
    if (count >= min || isSame) for (const text of power) all.add(text);
    if (count === max || isSame) break;
    const next = product(power, texts);
    if (!next || all.size > MOST_EXPANDED) return undefined;
    power = unique(next);
  }
  return { texts: [...all], ...rest };
}

/** Without those that hold another one: where they are, that one is. */
export function withoutLonger({ texts, ...rest }: Texts): Texts {
  if (texts.length > MOST_EXPANDED) return { texts, ...rest };
  const isNeeded = (text: string): boolean => !texts.some((other) => other !== text && text.includes(other));
  return { texts: texts.filter(isNeeded), ...rest };
}

const folded = (texts: readonly string[], ignoreCase: boolean): string[] =>
  unique(ignoreCase ? texts.map((text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())) : texts);

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

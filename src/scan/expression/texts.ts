/** The matched piece is one of these texts. */
export interface Texts {
  readonly texts: readonly string[];
  /** ASCII letters are in lower case and match both cases. Other letters are listed in each case. */
  readonly ignoreCase: boolean;
  /** The expression matches each of the texts, in any context. */
  readonly isExact: boolean;
}

/** Products are expanded up to this many texts. */
const MOST_EXPANDED = 64;

/** Maximum number of texts in an alternation, for example words from a file. */
const MOST_TEXTS = 4096;

/** The longest text, in code units. */
const LONGEST = 1024;

export const emptyText = (ignoreCase: boolean, isExact: boolean): Texts => ({
  texts: [''],
  ignoreCase,
  isExact,
});

/** Any one of these characters; undefined if there are too many. */
export function textsOf(characters: readonly number[], ignoreCase: boolean): Texts | undefined {
  const texts = folded(
    characters.map((character) => String.fromCodePoint(character)),
    ignoreCase,
  );
  return texts.length <= MOST_EXPANDED ? { texts, ignoreCase, isExact: true } : undefined;
}

/** Joins texts that follow each other; undefined if the products are too many or too long. */
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

/** Whether both are single texts, short enough to join into one. */
export const areOneWord = (
  { texts: [a = '', ...others] }: Texts,
  { texts: [b = '', ...more] }: Texts,
): boolean => others.length + more.length === 0 && a.length + b.length <= LONGEST;

/** Combines alternatives: the piece is one of all these texts. */
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

/** Repeats texts from `min` to `max` times; undefined if the results are too many or too long. */
export function repeatedTexts({ texts, ...rest }: Texts, min: number, max: number): Texts | undefined {
  const all = new Set<string>();
  let power: readonly string[] = [''];
  for (let count = 0; count <= max; count++) {
    // There is no text, or only the empty one: another repetition adds nothing.
    const isSame = count > 0 && power.every((text) => text === '');
    if (count >= min || isSame) for (const text of power) all.add(text);
    if (count === max || isSame) break;
    const next = product(power, texts);
    if (!next || all.size > MOST_EXPANDED) return undefined;
    power = unique(next);
  }
  return { texts: [...all], ...rest };
}

/** Drops texts that contain another one: the shorter one is found wherever they are. */
export function withoutLonger({ texts, ...rest }: Texts): Texts {
  if (texts.length > MOST_EXPANDED) return { texts, ...rest };
  const isNeeded = (text: string): boolean => !texts.some((other) => other !== text && text.includes(other));
  return { texts: texts.filter(isNeeded), ...rest };
}

const folded = (texts: readonly string[], ignoreCase: boolean): string[] =>
  unique(ignoreCase ? texts.map((text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())) : texts);

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

import type { Span } from './span.ts';

// With the flags i and u, code points match each other if they have the same simple case folding (ECMA-262,
// Canonicalize).

/** LATIN SMALL LETTER LONG S and KELVIN SIGN: the only characters beyond ASCII that CaseFolding.txt folds to ASCII. */
export const WORD_BEYOND_ASCII: readonly Span[] = [
  [0x17f, 0x17f],
  [0x212a, 0x212a],
];

const FOLDED_TO_ASCII: ReadonlyMap<string, number> = new Map([
  ['s', 0x17f],
  ['k', 0x212a],
]);

/** The code points of a span, and all that match one of them if case is ignored. */
export function allCasesOf([first, last]: Span): Span[] {
  const others: number[] = [];
  for (let code = first; code <= Math.min(last, 0x7f); code++) others.push(...casesOfAscii(code));
  if (last > 0x7f) others.push(...casesBeyondAscii([Math.max(first, 0x80), last]));
  return [[first, last], ...others.map((code): Span => [code, code])];
}

function casesOfAscii(code: number): number[] {
  const letter = String.fromCharCode(code).toLowerCase();
  if (!/[a-z]/.test(letter)) return [];
  const beyond = FOLDED_TO_ASCII.get(letter);
  return [code, code ^ 0x20, ...(beyond === undefined ? [] : [beyond])];
}

const CASED = /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/gu;

function casesBeyondAscii([first, last]: Span): number[] {
  if (last === first && !String.fromCodePoint(first).match(CASED)) return [];
  allCased ??= listCased();
  const all = allCased;
  const inSpan = [...all].filter(
    (letter) => letter.codePointAt(0)! >= first && letter.codePointAt(0)! <= last,
  );
  // Ask the engine: its folding depends on its version of Unicode.
  return inSpan.flatMap((letter) =>
    all.match(new RegExp(letter, 'giu'))!.map((same) => same.codePointAt(0)!),
  );
}

let allCased: string | undefined;

/** All cased letters are in the first two planes. */
function listCased(): string {
  let cased = '';
  for (let first = 0; first < 0x20000; first += 0x1000) {
    const block = String.fromCodePoint(...Array.from({ length: 0x1000 }, (_, i) => first + i));
    cased += block.match(CASED)?.join('') ?? '';
  }
  return cased;
}

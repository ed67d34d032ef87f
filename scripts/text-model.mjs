// A simple model of text: what a character costs, in bits, in each of a few languages. Classes of characters follow the
// structure of the standards themselves, which put common characters first.

export const LANGUAGES = [
  'latin',
  'other alphabets',
  'simplified Chinese',
  'traditional Chinese',
  'Japanese',
  'Korean',
];

const TEXT = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\p{Cf}\t]$/u;

/** Costs of a class by language, in the order of LANGUAGES. The first class in the list that has a character is its class. */
const ASCII = [
  { has: ' ', costs: [4.2, 3.2, 7.2, 7.2, 9.2, 3.3] },
  { has: 'etaoinsr', costs: [4.4, 8.5, 7.4, 7.4, 9.4, 8.4] },
  { has: 'ldcumphgfb', costs: [5.9, 10, 8.9, 8.9, 10.9, 9.9] },
  { has: 'ywvkxjqz', costs: [7.7, 11.7, 10.7, 10.7, 12.7, 11.7] },
  { has: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', costs: [8.2, 12.2, 11.2, 11.2, 13.2, 12.2] },
  { has: '0123456789', costs: [7.2, 9, 9.5, 9.5, 11, 9.5] },
  { has: '.,-_/:"\'=()', costs: [7.7, 9, 10.5, 10.5, 12, 9] },
];
const OTHER_ASCII = [9.7, 12.5, 12.7, 12.7, 14, 12.7];

const RARE = 20;
const only = (language, cost) => LANGUAGES.map((_, i) => (i === language ? cost : RARE + 2));

const LETTERS = [
  { test: /^[éèàçäöüßñóáíê]$/u, costs: [8.8, 14, RARE, RARE, RARE, RARE] },
  { test: /^[\u00c0-\u017f]$/u, costs: [13.5, 15, RARE, RARE, RARE, RARE] },
  { test: /^[“”‘’…–—•·«»°©®™€£¥§±×÷]$/u, costs: [13, 13, 12, 12, 13, 13] },
  { test: /^[а-яё]$/u, costs: [17, 7.6, 19, 19, 19, 19] },
  { test: /^[А-ЯЁ]$/u, costs: [19, 10.6, 19, 19, 19, 19] },
  { test: /^[\u0370-\u03ff\u0400-\u045f]$/u, costs: [17, 10.5, 19, 19, 19, 19] },
  { test: /^[\u05d0-\u05ea\u0621-\u0652]$/u, costs: only(1, 9.5) },
  { test: /^[\u0900-\u0e7f\u10a0-\u10ff\u0531-\u0587]$/u, costs: only(1, 13) },
  { test: /^[，。、：！？（）《》；]$/u, costs: [22, 22, 8.2, 8.2, 8, 13] },
  { test: /^[\u3001-\u3017\u30fb\u30fc]$/u, costs: [22, 22, 13, 13, 9.5, 13] },
  { test: /^[\uff01-\uff5e\u3000]$/u, costs: [22, 22, 13, 13, 13, 14] },
  { test: /^[\u3041-\u3096]$/u, costs: [22, 22, 22, 22, 7.6, 22] },
  { test: /^[\u30a1-\u30fa]$/u, costs: [22, 22, 22, 22, 9.3, 22] },
  { test: /^[\uff61-\uff9f]$/u, costs: [22, 22, 22, 22, 13, 22] },
];

const HANGUL = { common: only(5, 11.7), rare: only(5, 19) };
const EMOJI = [18, 18, 18, 18, 18, 18];
const SUPPLEMENTARY = [24, 24, 24, 24, 24, 24];
const OTHER = [22, 20, 21, 21, 21, 21];

/** Costs of Han characters by their level in GB 2312, Big5 and JIS X 0208: 1, 2 or none. */
const hanCosts = (gb, big5, jis) => [
  22,
  22,
  [12.3, 17.5, 21][gb],
  [12.8, 18, 21][big5],
  [13.6, 18, 21][jis],
  18 + 3 * Math.min(gb, big5, jis),
];

const HAN_CLASSES = Array.from({ length: 27 }, (_, i) => [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3]);

// Class 0: not text.
const ALL = [
  ...ASCII.map(({ costs }) => costs),
  OTHER_ASCII,
  ...LETTERS.map(({ costs }) => costs),
  HANGUL.common,
  HANGUL.rare,
  EMOJI,
  SUPPLEMENTARY,
  OTHER,
  ...HAN_CLASSES.map((levels) => hanCosts(...levels)),
];
const FIRST_LETTER = 1 + ASCII.length + 1;
const FIRST_OTHER = FIRST_LETTER + LETTERS.length;
const FIRST_HAN = FIRST_OTHER + 5;

/** Costs by language, then by class; in 1/16 bits. */
export const COSTS = LANGUAGES.map((_, language) => [
  0,
  ...ALL.map((costs) => Math.round(16 * costs[language])),
]);

/** Returns the class of every code point. */
export function classesOf() {
  const levels = [levelsOfGb2312(), levelsOfBig5(), levelsOfJisX0208()];
  const hangul = charactersOf('euc-kr', 0xb0, 0xc8, 0xa1, 0xfe);
  const classes = Uint8Array.from({ length: 0x110000 }, (_, code) => {
    const character = String.fromCodePoint(code);
    if (!TEXT.test(character)) return 0;
    if (code < 0x80)
      return (
        1 +
        indexOr(
          ASCII.findIndex(({ has }) => has.includes(character)),
          ASCII.length,
        )
      );
    const letter = LETTERS.findIndex(({ test }) => test.test(character));
    if (letter >= 0) return FIRST_LETTER + letter;
    if (code >= 0xac00 && code <= 0xd7a3) return FIRST_OTHER + (hangul.has(character) ? 0 : 1);
    if (code >= 0x1f300 && code <= 0x1faff) return FIRST_OTHER + 2;
    if (code > 0xffff) return FIRST_OTHER + 3;
    if (!/^\p{Script=Han}$/u.test(character)) return FIRST_OTHER + 4;
    const [gb, big5, jis] = levels.map((level) => level.get(character) ?? 2);
    return FIRST_HAN + 9 * gb + 3 * big5 + jis;
  });
  checkProbabilities(classes);
  return classes;
}

const indexOr = (index, otherwise) => (index < 0 ? otherwise : index);

// A cost of c bits means the probability 2^-c: the probabilities of a language sum to 1 at most.
function checkProbabilities(classes) {
  COSTS.forEach((costs, language) => {
    const sum = classes.reduce((sum, cls) => sum + (cls ? 2 ** (-costs[cls] / 16) : 0), 0);
    if (sum > 1) throw new Error(`${LANGUAGES[language]}: its probabilities sum to ${sum}`);
  });
}

function charactersOf(label, firstLead, lastLead, firstTrail, lastTrail) {
  const decoder = new TextDecoder(label);
  const characters = new Set();
  for (let lead = firstLead; lead <= lastLead; lead++) {
    for (let trail = firstTrail; trail <= lastTrail; trail++) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if ([...text].length === 1 && text !== '\ufffd') characters.add(text);
    }
  }
  return characters;
}

const levelMap = (...levels) =>
  new Map(levels.flatMap((set, level) => [...set].map((text) => [text, level])));

function levelsOfGb2312() {
  return levelMap(
    charactersOf('gb18030', 0xb0, 0xd7, 0xa1, 0xfe),
    charactersOf('gb18030', 0xd8, 0xf7, 0xa1, 0xfe),
  );
}

function levelsOfBig5() {
  const second = charactersOf('big5', 0xc9, 0xf9, 0x40, 0xfe);
  const first = charactersOf('big5', 0xa4, 0xc6, 0x40, 0xfe);
  return levelMap(
    first,
    second.difference?.(first) ?? new Set([...second].filter((text) => !first.has(text))),
  );
}

function levelsOfJisX0208() {
  return levelMap(
    charactersOf('euc-jp', 0xb0, 0xcf, 0xa1, 0xfe),
    charactersOf('euc-jp', 0xd0, 0xf4, 0xa1, 0xfe),
  );
}

import {
  countBytes,
  countPointers,
  countStrings,
  type Encoding,
  type PassOptions,
  type Range,
  type Target,
} from '../src/index.ts';
import { COMMON_NEEDLE, RARE_BYTES, RARE_NEEDLE, RARE_POINTED_TO } from './target.ts';

/** What memscan should find. */
export type Sought =
  | { readonly pattern: string | RegExp | undefined; readonly encoding?: readonly Encoding[] }
  | { readonly bytes: string }
  | { readonly pointersTo: Range };

/** The same search for other tools: a rule's strings, and arguments. */
export interface ForPeers {
  readonly yara: readonly string[];
  readonly rg: readonly string[];
}

export interface Search {
  readonly what: string;
  readonly sought: Sought;
  /** How often a block contains it. For `all`, memscan counts, and lines and counts must agree. */
  readonly hits: 'all' | 'in every text page' | 'rare';
  /** Required share of the ceiling. */
  readonly wanted: number;
  readonly peers?: ForPeers;
}

/** Words of 6 to 16 letters, made of syllables, and the rare literal; the same in every run. */
function words(count: number): string[] {
  const syllables = 'ab con der form ing tion user id _ key re pro Get q Z'.split(' ');
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48271) % 0x7fffffff) % below;
  const others = Array.from({ length: count - 1 }, () => {
    const length = 6 + random(11);
    let text = '';
    while (text.length < length) text += syllables[random(syllables.length)]!;
    return text.slice(0, length);
  });
  return [...others, RARE_NEEDLE];
}

const anyOf = (count: number): Search => ({
  what: `one of ${count.toLocaleString('en')} literals`,
  sought: { pattern: new RegExp(words(count).join('|')) },
  hits: 'rare',
  wanted: count <= 32 ? 0.5 : 0.25,
  peers: {
    rg: ['-F', ...words(count).flatMap((word) => ['-e', word])],
    yara: words(count).map((word) => JSON.stringify(word)),
  },
});

const expression = (source: string, wanted: number): Search => ({
  what: source,
  sought: { pattern: new RegExp(source) },
  hits: 'rare',
  wanted,
  peers: { rg: ['--no-unicode', '-e', source], yara: [`/${source.replaceAll('\\d', '[0-9]')}/`] },
});

const [NEEDLE_STRING, IN_EITHER_CASE] = [JSON.stringify(RARE_NEEDLE), RARE_NEEDLE.toUpperCase()];

export const RARE_LITERAL = 'a rare literal';

export const SEARCHES: readonly Search[] = [
  { what: 'all strings', sought: { pattern: undefined }, hits: 'all', wanted: 0.6 },
  {
    what: 'a literal in every text page',
    sought: { pattern: COMMON_NEEDLE },
    hits: 'in every text page',
    wanted: 0.8,
  },
  {
    what: RARE_LITERAL,
    sought: { pattern: RARE_NEEDLE },
    hits: 'rare',
    wanted: 0.8,
    peers: { rg: ['-F', '-e', RARE_NEEDLE], yara: [NEEDLE_STRING] },
  },
  {
    what: 'a rare literal in either case',
    sought: { pattern: new RegExp(IN_EITHER_CASE, 'i') },
    hits: 'rare',
    wanted: 0.7,
    peers: { rg: ['-F', '-i', '-e', IN_EITHER_CASE], yara: [`${NEEDLE_STRING} nocase`] },
  },
  anyOf(32),
  anyOf(1000),
  expression(String.raw`user[_-]?id["':= ]+\d{4,}`, 0.6),
  expression('[0-9a-f]{32}', 0.5),
  expression(String.raw`\d{16}`, 0.4),
  {
    what: 'a rare literal in four encodings',
    sought: { pattern: RARE_NEEDLE, encoding: ['utf8', 'utf16le', 'latin1', 'gb18030'] },
    hits: 'rare',
    wanted: 0.5,
    peers: { rg: ['-F', '-e', RARE_NEEDLE], yara: [`${NEEDLE_STRING} ascii wide`] },
  },
  {
    what: 'bytes with wildcards',
    sought: { bytes: RARE_BYTES },
    hits: 'rare',
    wanted: 0.6,
    peers: { rg: ['-e', String.raw`(?s-u)\xca\xfe.[\x70-\x7f]\xba\xbe`], yara: [`{ ${RARE_BYTES} }`] },
  },
  {
    what: 'pointers to a page',
    sought: { pointersTo: RARE_POINTED_TO },
    hits: 'rare',
    wanted: 0.6,
    peers: {
      rg: ['-e', String.raw`(?s-u).[\x10-\x1f]\x00\x00\x00\x55\x00\x00`],
      yara: ['{ ?? 1? 00 00 00 55 00 00 }'],
    },
  },
];

export const searchOf = (what: string): Search => SEARCHES.find((search) => search.what === what)!;

/** Counts with the library. */
export function countSought(target: Target, sought: Sought, options: PassOptions): Promise<number> {
  if ('bytes' in sought) return countBytes(target, sought.bytes, options);
  if ('pointersTo' in sought) return countPointers(target, sought.pointersTo, options);
  const { pattern, encoding } = sought;
  return countStrings(target, {
    ...options,
    ...(pattern !== undefined && { pattern }),
    ...(encoding && { encoding }),
  });
}

const patternArguments = (pattern: string | RegExp): string[] =>
  typeof pattern === 'string'
    ? ['--fixed', '--grep', pattern]
    : ['--grep', pattern.source, ...(pattern.ignoreCase ? ['--ignore-case'] : [])];

/** The command's arguments for a search. */
export function argumentsFor(sought: Sought): string[] {
  if ('bytes' in sought) return ['--hex', sought.bytes];
  if ('pointersTo' in sought) {
    const { start, end } = sought.pointersTo;
    return ['--pointers-to', `${start.toString(16)}-${end.toString(16)}`];
  }
  const { pattern, encoding } = sought;
  return [
    ...(encoding ? ['--encoding', encoding.join(',')] : []),
    ...(pattern === undefined ? [] : patternArguments(pattern)),
  ];
}

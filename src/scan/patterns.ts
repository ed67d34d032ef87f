import { MemscanError } from '../base/errors.ts';
import { cheapestOf, unionOf } from './condition-lists.ts';
import type { Condition } from './conditions.ts';
import type { Pattern } from './pattern.ts';
import type { TimeLimit } from './time-limit.ts';

export const MODES = ['any', 'all', 'none'] as const;

/** Which strings are wanted: those that any pattern matches, those that all match, or those that none matches. */
export type Mode = (typeof MODES)[number];

/** A piece of a text, in code units: [begin, end), at least one. */
export interface Match {
  readonly pattern: Pattern;
  readonly begin: number;
  readonly end: number;
}

/** A text, and the address where its string begins. */
export interface TextAt {
  readonly address: bigint;
  readonly text: string;
}

/** One or more patterns, applied as one. */
export class Patterns {
  /**
   * Every wanted string meets one of these. In mode `none` every wanted string meets none of them, and there are
   * conditions only if all are exact. Empty if nothing is known.
   */
  readonly conditions: readonly Condition[];
  /** The conditions alone decide: no string is left to test. */
  readonly isExact: boolean;
  /** The first point where a condition is met is the first match. */
  readonly isLiteral: boolean;
  private anyOf: Patterns | undefined;

  /** `list` has at least one pattern. `limit` bounds the time of patterns that may take long. */
  constructor(
    readonly list: readonly Pattern[],
    readonly mode: Mode = 'any',
    private readonly limit?: TimeLimit,
  ) {
    const lists = list.map(({ conditions }) => conditions);
    const all = mode === 'all' ? cheapestOf(lists) : unionOf(lists);
    const saysAll = all.length > 0 && lists.flat().every(({ isExact }) => isExact);
    this.isExact = saysAll && (mode !== 'all' || list.length === 1);
    this.isLiteral = list.every(({ isLiteral }) => isLiteral);
    this.conditions = mode === 'none' && !this.isExact ? [] : all;
  }

  /** Whether each text is wanted. Throws BAD_PATTERN if an expression runs out of memory on a text. */
  test(texts: readonly TextAt[]): boolean[] {
    return this.examine(texts, false).map((found) => found !== undefined);
  }

  /** The matches of each text, ordered by begin, then by end; undefined for texts that are not wanted. */
  matches(texts: readonly TextAt[]): (Match[] | undefined)[] {
    return this.examine(texts, true).map((found) =>
      found?.sort((a, b) => a.begin - b.begin || a.end - b.end),
    );
  }

  /** All patterns' matches in a text, ordered by begin, then by end, whether the text is wanted or not. */
  matchesIn(text: TextAt): Match[] {
    return this.mode === 'any' ? (this.matches([text])[0] ?? []) : this.any.matchesIn(text);
  }

  /**
   * Returns a test of strings that arrive one after the other, each in one or more windows; `isLast` marks the last
   * window. It returns true once the string is known to be wanted. In mode `all`, patterns may match in different
   * windows. `meets` returns whether a text meets one of the conditions.
   */
  windowTest(meets: (text: Buffer) => boolean): (address: bigint, text: Buffer, isLast: boolean) => boolean {
    let before: bigint | undefined;
    let seen = new Set<Pattern>();
    return (address, text, isLast) => {
      if (address !== before) seen = new Set();
      before = address;
      for (const pattern of this.seenIn(address, text, seen, meets)) seen.add(pattern);
      if (this.mode === 'none') return isLast && seen.size === 0;
      return this.mode === 'all' ? seen.size === this.list.length : seen.size > 0;
    };
  }

  /** Patterns that match in this window and are not in `known`. Where any pattern decides, returns at most one. */
  private seenIn(
    address: bigint,
    text: Buffer,
    known: ReadonlySet<Pattern>,
    meets: (text: Buffer) => boolean,
  ): Pattern[] {
    const needsAll = this.mode === 'all' && this.list.length > 1;
    if (!needsAll && this.conditions.length > 0) {
      if (!meets(text)) return [];
      if (this.isExact) return this.list.slice(0, 1);
    }
    const window = { address, text: text.toString() };
    const isSeen = (pattern: Pattern): boolean => this.examineFor(pattern, [window], false)[0] !== undefined;
    if (needsAll) return this.list.filter((pattern) => !known.has(pattern) && isSeen(pattern));
    return [this.list.find(isSeen) ?? []].flat();
  }

  private get any(): Patterns {
    return (this.anyOf ??= new Patterns(this.list, 'any', this.limit));
  }

  private examine(texts: readonly TextAt[], withMatches: boolean): (Match[] | undefined)[] {
    const limited = new Map(
      this.list
        .filter(({ mayTakeLong }) => mayTakeLong && this.limit)
        .map((pattern) => [pattern, this.examineFor(pattern, texts, withMatches)]),
    );
    return texts.map((text, i) =>
      this.decide(
        (pattern) =>
          limited.has(pattern) ? limited.get(pattern)![i] : this.examineOne(pattern, text, withMatches),
        withMatches,
      ),
    );
  }

  private decide(find: (pattern: Pattern) => Match[] | undefined, withMatches: boolean): Match[] | undefined {
    const matches: Match[] = [];
    let any = false;
    for (const pattern of this.list) {
      const found = find(pattern);
      if (found ? this.mode === 'none' : this.mode === 'all') return undefined;
      if (!found) continue;
      any = true;
      if (this.mode === 'any' && !withMatches) break;
      for (const match of found) matches.push(match);
    }
    return any || this.mode === 'none' ? matches : undefined;
  }

  private examineFor(
    pattern: Pattern,
    texts: readonly TextAt[],
    withMatches: boolean,
  ): (Match[] | undefined)[] {
    const examine = (i: number): Match[] | undefined => this.examineOne(pattern, texts[i]!, withMatches);
    if (this.limit && pattern.mayTakeLong) return this.limit.each(pattern.name, texts, examine);
    return texts.map((_, i) => examine(i));
  }

  // An expression may need memory for each character of a text: (?:a|b)* does, and fails on 12 MB of text.
  private examineOne(pattern: Pattern, { address, text }: TextAt, withMatches: boolean): Match[] | undefined {
    try {
      return searchIn(pattern, text, withMatches);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (!this.limit) throw noRoom(pattern, address);
      this.limit.noRoom(pattern.name, address);
      return undefined;
    }
  }
}

const noRoom = ({ name }: Pattern, address: bigint): MemscanError =>
  new MemscanError(
    'BAD_PATTERN',
    `the pattern needs too much memory on the string at 0x${address.toString(16)}: ${name}`,
    'repeat a class of characters, not a group: [ab]*, not (?:a|b)*',
  );

/** Returns the matches, or an empty list if they are not asked for; undefined if the pattern does not match. */
function searchIn(pattern: Pattern, text: string, withMatches: boolean): Match[] | undefined {
  if (!pattern.endOf && !pattern.regexp.test(text)) return undefined;
  if (!pattern.endOf && !withMatches) return [];
  const matches: Match[] = [];
  for (const match of matchesOf(pattern, text)) {
    matches.push(match);
    if (!withMatches) break;
  }
  return matches.length === 0 && pattern.endOf ? undefined : matches;
}

/** The matches of one pattern: without overlap, each at least one character long. */
export function* matchesOf(pattern: Pattern, text: string): Generator<Match> {
  const regexp = everywhere(pattern.regexp);
  regexp.lastIndex = 0;
  for (let match = regexp.exec(text); match; match = regexp.exec(text)) {
    const begin = match.index;
    const matched = begin + match[0].length;
    const end = pattern.endOf ? pattern.endOf(text, begin, matched) : matched;
    if (end !== undefined && end > begin) yield { pattern, begin, end };
    // A rejected piece may begin with one that is accepted.
    if (end === undefined) regexp.lastIndex = begin + 1;
    else if (end > begin) regexp.lastIndex = end;
    else regexp.lastIndex = begin + (text.codePointAt(begin)! > 0xffff ? 2 : 1);
  }
}

const globalForms = new WeakMap<RegExp, RegExp>();

/** Returns the expression with the flag g. Each has one copy, so that it is compiled once. */
function everywhere(regexp: RegExp): RegExp {
  const known = globalForms.get(regexp) ?? new RegExp(regexp, `${regexp.flags}g`);
  globalForms.set(regexp, known);
  return known;
}

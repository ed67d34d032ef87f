import { MemscanError } from '../base/errors.ts';
import { cheapestOf, unionOf } from './condition-lists.ts';
import type { Condition } from './conditions.ts';
import type { Pattern } from './pattern.ts';
import type { TimeLimit } from './time-limit.ts';

export const MODES = ['any', 'all', 'none'] as const;

/** A string is wanted where any of the patterns matches, or all of them do, or none. */
export type Mode = (typeof MODES)[number];

/** Code units of a text, [begin, end), at least one. */
export interface Match {
  readonly pattern: Pattern;
  readonly begin: number;
  readonly end: number;
}

/** A text, and where its string begins. */
export interface Placed {
  readonly address: bigint;
  readonly text: string;
}

/** What strings are looked through for: one pattern or several, as one. */
export class Patterns {
  /**
   * A wanted string meets one of these (of the mode `none`: none, and there are conditions only where they are exact).
   * Without any, nothing is known.
   */
  readonly conditions: readonly Condition[];
  /** The conditions say it all: nothing is left to test. */
  readonly isExact: boolean;
  /** The first place where a condition is met is the first match. */
  readonly isLiteral: boolean;
  private anyOf: Patterns | undefined;

  /** `list`: one at least. `limit` bounds the time of those that may take long. */
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

  /** Whether each text is wanted. Throws BAD_PATTERN where an expression takes more memory than there is for it. */
  test(texts: readonly Placed[]): boolean[] {
    return this.examine(texts, false).map((found) => found !== undefined);
  }

  /** The matches of each text in order of where they begin, then of where they end; undefined of those not wanted. */
  matches(texts: readonly Placed[]): (Match[] | undefined)[] {
    return this.examine(texts, true).map((found) =>
      found?.sort((a, b) => a.begin - b.begin || a.end - b.end),
    );
  }

  /** The matches of every pattern in a text, in the same order, whether it is wanted or not. */
  matchesIn(text: Placed): Match[] {
    return this.mode === 'any' ? (this.matches([text])[0] ?? []) : this.any.matchesIn(text);
  }

  /**
   * A test of one string after the other, of which each may be given in windows, the last of them told: true where a
   * string is known to be wanted. All patterns need not match in the same window. `meets`: whether a text meets one of
   * the conditions.
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

  /** Patterns that match in a window and are not yet known to: where any of them decides, one. */
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

  private examine(texts: readonly Placed[], withMatches: boolean): (Match[] | undefined)[] {
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
    texts: readonly Placed[],
    withMatches: boolean,
  ): (Match[] | undefined)[] {
    const examine = (i: number): Match[] | undefined => this.examineOne(pattern, texts[i]!, withMatches);
    if (this.limit && pattern.mayTakeLong) return this.limit.each(pattern.name, texts, examine);
    return texts.map((_, i) => examine(i));
  }

  // An expression may need room for each character of a text: (?:a|b)* does, and 12 MB of text are too many.
  private examineOne(pattern: Pattern, { address, text }: Placed, withMatches: boolean): Match[] | undefined {
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

/** Its matches, if it has any and they are asked for; undefined where it does not match. */
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

/** The matches of one pattern: apart, and of at least a character. */
export function* matchesOf(pattern: Pattern, text: string): Generator<Match> {
  const regexp = everywhere(pattern.regexp);
  regexp.lastIndex = 0;
  for (let match = regexp.exec(text); match; match = regexp.exec(text)) {
    const begin = match.index;
    const matched = begin + match[0].length;
    const end = pattern.endOf ? pattern.endOf(text, begin, matched) : matched;
    if (end !== undefined && end > begin) yield { pattern, begin, end };
    // What was not meant may begin with something that is.
    if (end === undefined) regexp.lastIndex = begin + 1;
    else if (end > begin) regexp.lastIndex = end;
    else regexp.lastIndex = begin + (text.codePointAt(begin)! > 0xffff ? 2 : 1);
  }
}

const globalForms = new WeakMap<RegExp, RegExp>();

/** The expression with the flag g: its own for each, so that it is compiled once. */
function everywhere(regexp: RegExp): RegExp {
  const known = globalForms.get(regexp) ?? new RegExp(regexp, `${regexp.flags}g`);
  globalForms.set(regexp, known);
  return known;
}

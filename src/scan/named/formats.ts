// Patterns of formats and protocols.
import type { NamedPattern } from './named-pattern.ts';

export const httpRequest: NamedPattern = {
  takes: 'a request line of HTTP/1.x or 2: GET /path HTTP/1.1',
  expression:
    /(?<![A-Za-z])(?:GET|POST|PUT|DELETE|HEAD|OPTIONS|PATCH|CONNECT|TRACE) [!-~]{1,8192} HTTP\/[0-9](?:\.[0-9])?(?![0-9.])/u,
};

export const json: NamedPattern = {
  takes: 'a whole object with a key, or a whole array of objects, arrays or strings, on one line; it parses',
  expression: /\{ ?"(?:[^"\\]|\\.)*" ?:|\[ ?(?:\{ ?"|"|\[)/u,
  parts: [/\{ ?"/u, /\[ ?["[]/u],
  endOf: (text, begin) => endOfJson(text, begin),
};

/** The end of a longer or deeper value is not searched for: that bounds the time for hostile text. */
const LONGEST_JSON = 1 << 20;
const DEEPEST_JSON = 64;

function endOfJson(text: string, begin: number): number | undefined {
  const end = closing(text, begin);
  return end !== undefined && isJson(text.slice(begin, end)) ? end : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const MARKS = /["[\]{}]/g;
const STRING_END = /"|\\./gsu;

/** Returns where the bracket at `begin` is closed. */
function closing(text: string, begin: number): number | undefined {
  let depth = 0;
  for (
    let at = next(MARKS, text, begin);
    at < Math.min(text.length, begin + LONGEST_JSON);
    at = next(MARKS, text, at)
  ) {
    const mark = text[at++]!;
    if (mark === '"') at = endOfString(text, at);
    else depth += mark === '{' || mark === '[' ? 1 : -1;
    if (depth === 0) return at;
    if (depth > DEEPEST_JSON) return undefined;
  }
  return undefined;
}

function endOfString(text: string, from: number): number {
  for (let at = next(STRING_END, text, from); at < text.length; at = next(STRING_END, text, at + 2)) {
    if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function next(marks: RegExp, text: string, from: number): number {
  marks.lastIndex = from;
  return marks.exec(text)?.index ?? text.length;
}

const NAME = String.raw`[\p{L}\p{N}_.$#@"${'`'}[\]]{1,256}`;
const EITHER = (words: string): string => `(?:${words}|${words.toLowerCase()})`;

// Lower-case keywords are English words, too: require a comma, a dot, a star, a bracket or an operator.
export const sql: NamedPattern = {
  takes:
    'a statement (SELECT … FROM, INSERT INTO, UPDATE … SET, DELETE FROM, CREATE, ALTER, DROP TABLE) to its end or ";"; keywords in one case',
  expression: new RegExp(
    String.raw`(?<![\p{L}\p{N}_])(?:${EITHER('SELECT ')}[^;]{1,8192}? ${EITHER('FROM')} [(]?${NAME}` +
      `|${EITHER('INSERT INTO ')}${NAME}|${EITHER('UPDATE ')}${NAME}(?: [\\p{L}\\p{N}_]{1,64})? ${EITHER('SET ')}${NAME} ?=` +
      `|${EITHER('DELETE FROM ')}${NAME}|${EITHER('CREATE TABLE ')}${NAME}|${EITHER('ALTER TABLE ')}${NAME}|${EITHER('DROP TABLE ')}${NAME})[^;]*;?`,
    'u',
  ),
  endOf: (text, begin, end) => {
    const statement = text.slice(begin, end);
    return /^[A-Z]/.test(statement) ||
      /[*=?(]|[\p{L}\p{N}_]\.[\p{L}_]|,[ \p{L}\p{N}_]+ from /u.test(statement)
      ? end
      : undefined;
  },
};

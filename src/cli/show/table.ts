import stringWidth from 'fast-string-width';

export interface Column {
  readonly title: string;
  readonly right?: boolean;
}

const GAP = '  ';

/**
 * Lines of a table, its titles first. Where `width` (columns of the terminal) is given, the last column is shortened in
 * the middle so that lines fit. Cells must not contain control characters.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string[] {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, i) => all.reduce((most, row) => Math.max(most, stringWidth(row[i]!)), 0));
  const before = widths.slice(0, -1).reduce((sum, cell) => sum + cell + GAP.length, 0);
  const room = Math.max(8, width - before);
  return all.map((row) =>
    row
      .map((cell, i) => {
        if (i === columns.length - 1)
          return columns[i]!.right ? padded(cell, widths[i]!, true) : shortened(cell, room);
        return padded(cell, widths[i]!, columns[i]!.right);
      })
      .join(GAP)
      .trimEnd(),
  );
}

function padded(cell: string, width: number, right = false): string {
  const space = ' '.repeat(width - stringWidth(cell));
  return right ? space + cell : cell + space;
}

/**
 * The text, shortened in the middle where it is longer than `width` columns. `beginning`: the part of the room for its
 * beginning; a path has more for its end, which matters most.
 */
export function shortened(text: string, width: number, beginning = 1 / 3): string {
  if (stringWidth(text) <= width) return text;
  const begin = beginningOf(text, Math.floor((width - 1) * beginning));
  const end = fitting([...text].toReversed(), width - 1 - stringWidth(begin));
  return `${begin}…${end.toReversed().join('')}`;
}

/** As shortened(), with more room for the beginning: it matters most in a text. */
export const shortenedText = (text: string, width: number): string => shortened(text, width, 2 / 3);

/** The line in parts that fit: broken, and shortened in the middle where a part is still too long. */
export const wrapped = (line: string, width: number): string[] =>
  broken(line, width).map((part) => shortened(part, width));

/** The line broken where it is too long: behind commas and semicolons, else between words; a long word stays whole. */
export function broken(line: string, width: number): string[] {
  if (stringWidth(line) <= width) return [line];
  const indent = line.search(/\S/);
  const ends = [', ', '; '].map((mark) => line.lastIndexOf(mark, width - 1) + 1);
  const end = [Math.max(...ends), line.lastIndexOf(' ', width), line.indexOf(' ', width)].find(
    (at) => at > indent,
  );
  return end === undefined ? [line] : [line.slice(0, end), ...broken(`${GAP}${line.slice(end + 1)}`, width)];
}

/** The text, cut at its end where it is longer than `width` columns. */
export const cut = (text: string, width: number): string =>
  stringWidth(text) <= width ? text : `${beginningOf(text, width - 1)}…`;

const beginningOf = (text: string, width: number): string => fitting([...text], width).join('');

/** The first characters, as many as the width has room for. */
function fitting(characters: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += stringWidth(character);
    if (used > width) break;
    taken.push(character);
  }
  return taken;
}

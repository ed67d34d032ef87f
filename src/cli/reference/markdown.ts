import { type CommandText, defaultOf, textOf } from '../command-text.ts';
import { detailsOf, metavarOf, type OptionName, spellings } from '../options/table.ts';

/** What Markdown or HTML would take for markup, as text; code in backquotes stays code. */
export const escaped = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('*', '\\*')))
    .join('');

export const code = (text: string): string => `\`${text}\``;

/** An option of a command as an item of a list: its spellings, its text, more that is known of it, and its default. */
export function optionItem(command: CommandText, key: OptionName): string {
  const names = `${spellings(key).join(', ')} ${metavarOf(key) ?? ''}`.trim();
  const defaultText = defaultOf(command, key);
  const texts = [textOf(command, key), detailsOf(key), defaultText && `Default: ${defaultText}`];
  const sentences = texts.filter((text) => text).map((text) => `${escaped(text!)}.`);
  return `- ${code(names)}: ${sentences.join(' ')}`;
}

/** A table as prettier formats it; `rows` begins with the titles. */
export function markdownTable(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = [0, 1].map((i) => Math.max(...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  const [titles, ...others] = cells;
  const rule = widths.map((width) => '-'.repeat(width));
  return [titles!, rule, ...others].map(line).join('\n');
}

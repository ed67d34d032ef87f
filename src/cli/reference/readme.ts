import { type CommandText, defaultOf, textOf } from '../command-text.ts';
import { COMMANDS } from '../descriptors/index.ts';
import { SEARCH } from '../descriptors/search.ts';
import { detailsOf, metavarOf, type OptionName, spellings } from '../options/table.ts';

/** The parts of README.md that are generated, by the name in their comments. */
const PARTS: Readonly<Record<string, () => string>> = {
  commands: commandLines,
  options: () => optionTable(SEARCH),
};

/**
 * README.md with its generated parts made anew, each between `<!-- NAME -->` and `<!-- /NAME -->`. Throws where one is
 * missing.
 */
export function withReference(readme: string): string {
  return Object.entries(PARTS).reduce((text, [name, make]) => {
    const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`README.md has no ${begin.trim()} … ${end.trim()}`);
    return `${text.slice(0, from + begin.length)}\n${make()}\n${text.slice(to)}`;
  }, readme);
}

function commandLines(): string {
  const lines = [SEARCH, ...COMMANDS].flatMap(({ usage, summary }) =>
    usage.map((line, i) => [line, i === 0 ? summary : ''] as const),
  );
  const width = Math.max(...lines.map(([line]) => line.length));
  return lines.map(([line, summary]) => `    ${line.padEnd(width)}   ${summary}`.trimEnd()).join('\n');
}

function optionTable(command: CommandText): string {
  const rows = command.groups.flatMap(([title, keys]) => [
    [`**${title}**`, ''] as const,
    ...keys.map((key) => [code(spelled(key)), meaning(command, key)] as const),
  ]);
  return markdownTable([['option', 'meaning'], ...rows]);
}

const spelled = (key: OptionName): string => `${spellings(key).join(', ')} ${metavarOf(key) ?? ''}`.trim();

function meaning(command: CommandText, key: OptionName): string {
  const defaultText = defaultOf(command, key);
  const texts = [textOf(command, key), detailsOf(key), defaultText && `Default: ${defaultText}`];
  return texts
    .filter((text) => text)
    .join('. ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;');
}

const code = (text: string): string => `\`${text}\``;

/** As prettier lays a table out. */
function markdownTable(rows: readonly (readonly [string, string])[]): string {
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  const [titles, ...others] = rows;
  const rule = widths.map((width) => '-'.repeat(width));
  return [titles!, rule, ...others].map(line).join('\n');
}

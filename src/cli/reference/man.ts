import { VERSION } from '../../base/version.ts';
import { type CommandText, defaultOf, type OptionGroup, textOf } from '../command-text.ts';
import { COMMANDS } from '../descriptors/index.ts';
import { SEARCH } from '../descriptors/search.ts';
import { detailsOf, metavarOf, type OptionName, spellings } from '../options/table.ts';

/** The page of section 1 of the manual, in man(7): every command with all its options. */
export function manPage(): string {
  return [
    `.TH MEMSCAN 1 "" "memscan ${VERSION}"`,
    '.SH NAME',
    'memscan \\- names what fills the memory of a live process',
    '.SH SYNOPSIS',
    [SEARCH, ...COMMANDS].map(synopsis).join('\n.br\n'),
    '.SH DESCRIPTION',
    roff(SEARCH.description),
    ...[SEARCH, ...COMMANDS].flatMap(commandSection),
    '.SH SEE ALSO',
    '.BR gdb (1),\n.BR pmap (1),\n.BR strings (1),\n.BR core (5),\n.BR proc (5)',
    '',
  ].join('\n');
}

const synopsis = ({ usage: [first], summary }: CommandText): string =>
  `.B ${roff(first)}\n\\(en ${roff(summary)}`;

function commandSection(command: CommandText): string[] {
  const { name, usage, description, groups, examples, exitStatus } = command;
  const heading =
    name === ''
      ? ['.SH "MEMSCAN <TARGET>"']
      : [`.SH "MEMSCAN ${name.toUpperCase()}"`, usage.map((line) => `.B ${roff(line)}`).join('\n.br\n')];
  return [
    ...heading,
    ...(name === '' ? [] : ['.PP', roff(description)]),
    ...groups.flatMap((group) => groupLines(command, group)),
    '.SS Examples',
    ...examples.flatMap(([line, text]) => ['.TP', `.B ${roff(line)}`, roff(text)]),
    '.SS Exit status',
    roff(`${exitStatus}.`),
  ];
}

const groupLines = (command: CommandText, [title, keys]: OptionGroup): string[] => [
  `.SS ${roff(title)}`,
  ...keys.flatMap((key) => optionLines(command, key)),
];

function optionLines(command: CommandText, key: OptionName): string[] {
  const metavar = metavarOf(key);
  const names = spellings(key)
    .map((name) => `\\fB${roff(name)}\\fR`)
    .join(', ');
  const value = metavar === undefined ? '' : ` \\fI${roff(metavar)}\\fR`;
  const defaultText = defaultOf(command, key);
  const texts = [textOf(command, key), detailsOf(key), defaultText && `Default: ${defaultText}`];
  return ['.TP', names + value, ...texts.filter((text) => text).map((text) => roff(`${text}.`))];
}

/** Plain text; code in backquotes becomes bold. A dot or an apostrophe at a line's start would be a request. */
const roff = (text: string): string =>
  text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/…/g, '\\&...')
    .replace(/`([^`]*)`/g, '\\fB$1\\fR')
    .replace(/^[.']/, '\\&$&');

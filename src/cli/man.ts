import { VERSION } from '../base/version.ts';
import { type Help, helpOf, type OptionGroup } from './help.ts';
import { PARSERS } from './options/parsers.ts';

/** The page of section 1 of the manual, in man(7): what --help says, of all commands. */
export async function manPage(): Promise<string> {
  const helps = await Promise.all(
    [...PARSERS].map(async ([name, parser]) => ({ name, help: await helpOf(parser()) })),
  );
  const sections = helps.map(({ name, help }) => commandSection(name, help));
  return [
    `.TH MEMSCAN 1 "" "memscan ${VERSION}"`,
    '.SH NAME',
    'memscan \\- names what fills the memory of a live process',
    '.SH SYNOPSIS',
    helps[0]!.help.usage.map(synopsis).join('\n.br\n'),
    '.SH DESCRIPTION',
    roff(helps[0]!.help.description),
    ...sections.flat(),
    '.SH SEE ALSO',
    '.BR gdb (1),\n.BR pmap (1),\n.BR strings (1),\n.BR core (5),\n.BR proc (5)',
    '',
  ].join('\n');
}

function commandSection(name: string, help: Help): string[] {
  const title = name === '' ? 'MEMSCAN <TARGET>' : `MEMSCAN ${name.toUpperCase()}`;
  return [
    `.SH "${title}"`,
    ...(name === '' ? [] : [synopsis(help.usage[0]!), '.PP', roff(help.description)]),
    ...help.groups.flatMap(groupLines),
    ...(help.examples.length > 0 ? ['.SS Examples'] : []),
    ...help.examples.flatMap(([command, text]) => ['.TP', `.B ${roff(command)}`, roff(text)]),
    '.PP',
    roff(help.epilogue),
  ];
}

// `memscan maps <pid>   what it prints`
function synopsis(line: string): string {
  const [command, text] = line.split(/ {2,}/);
  return `.B ${roff(command!)}${text === undefined ? '' : `\n\\(en ${roff(text)}`}`;
}

function groupLines({ title, options }: OptionGroup): string[] {
  const lines = options.flatMap(({ names, takesValue, text, default: value }) => [
    '.TP',
    `.B ${roff(names.join(', ') + (takesValue ? ' VALUE' : ''))}`,
    roff(value === undefined || value === 'false' ? text : `${text} (default: ${value})`),
  ]);
  return [`.SS ${roff(title)}`, ...lines];
}

/** A dot or an apostrophe at a line's start would be a request. */
const roff = (text: string): string =>
  text.replace(/\\/g, '\\e').replace(/-/g, '\\-').replace(/…/g, '\\&...').replace(/^[.']/, '\\&$&');

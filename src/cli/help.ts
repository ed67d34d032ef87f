import yargs, { type Argv } from 'yargs';

import { type CommandText, defaultOf, type OptionGroup, textOf } from './command-text.ts';
import { metavarOf, nameOf, optionAt, type OptionName } from './options/table.ts';

/** What `--help` prints, as wide as the terminal, at most 80 columns. */
export function helpText(command: CommandText): Promise<string> {
  const parser = yargs()
    .scriptName('memscan')
    .locale('en')
    .help(false)
    .version(false)
    .usage(`${usageLines(command)}\n\n${command.description}`);
  for (const group of command.groups) addGroup(parser, group, command);
  for (const [line, text] of command.examples) parser.example(line, text);
  return parser.epilogue(`Exit status: ${command.exitStatus}.`).getHelp();
}

function usageLines({ usage, summary, others }: CommandText): string {
  if (!others) return usage.join(', or ');
  const lines = [
    [usage[0], summary] as const,
    ...others.map(({ usage: [first], summary }) => [first.replace(' [options]', ''), summary] as const),
  ];
  const width = Math.max(...lines.map(([line]) => line.length));
  return lines.map(([line, summary]) => `${line.padEnd(width)}  ${summary}`).join('\n');
}

function addGroup(parser: Argv, [title, keys]: OptionGroup, command: CommandText): void {
  for (const key of keys) {
    const { alias } = optionAt(key);
    const defaultText = defaultOf(command, key);
    parser.option(shown(key), {
      describe: textOf(command, key),
      ...(alias !== undefined && { alias }),
      ...(defaultText !== undefined && { defaultDescription: defaultText }),
    });
  }
  parser.group(keys.map(shown), `${title}:`);
}

/** The name with its value, which yargs lays out as it is: this parser is for its help only. */
const shown = (key: OptionName): string => [nameOf(key), metavarOf(key) ?? []].flat().join(' ');

import yargs, { type Argv } from 'yargs';

import { type CommandText, defaultOf, type OptionGroup, textOf } from './command-text.ts';
import { nameOf, optionAt, type OptionName } from './options/table.ts';

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
  for (const key of keys) addOption(parser, key, command);
  parser.group(keys.map(nameOf), `${title}:`);
}

function addOption(parser: Argv, key: OptionName, command: CommandText): void {
  const { kind, alias } = optionAt(key);
  const defaultText = defaultOf(command, key);
  parser.option(nameOf(key), {
    describe: textOf(command, key),
    ...(alias !== undefined && { alias }),
    ...(kind === 'flag' ? { boolean: true } : { string: true }),
    ...(kind === 'flag' && !['help', 'version'].includes(key) && { default: false }),
    ...(defaultText !== undefined && { defaultDescription: defaultText }),
  });
}

import type { Argv } from 'yargs';

/** An option, as its command's help has it. */
export interface OptionHelp {
  /** With dashes; the long one last. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly text: string;
  readonly default: string | undefined;
}

export interface OptionGroup {
  readonly title: string;
  readonly options: readonly OptionHelp[];
}

/** What a command's --help says. */
export interface Help {
  readonly usage: readonly string[];
  readonly description: string;
  readonly groups: readonly OptionGroup[];
  readonly examples: readonly (readonly [command: string, text: string])[];
  readonly epilogue: string;
}

/** Longer than any line: yargs takes a millisecond for every three columns. */
const NO_WRAP = 400;

/** The help of a parser of newParser(), in its parts. */
export async function helpOf(parser: Argv): Promise<Help> {
  const blocks = (await parser.wrap(NO_WRAP).getHelp()).split('\n\n');
  const [usage, description, ...rest] = blocks;
  const epilogue = rest.pop() ?? '';
  const sections = rest.map((block) => block.split('\n'));
  const isExamples = ([title]: readonly string[]): boolean => title === 'Examples:';
  return {
    usage: usage!.split('\n'),
    description: description!,
    groups: sections.filter((section) => !isExamples(section)).map(groupOf),
    examples: (sections.find(isExamples) ?? []).slice(1).map(exampleOf),
    epilogue,
  };
}

function groupOf([title, ...lines]: readonly string[]): OptionGroup {
  return { title: title!.replace(/:$/, ''), options: lines.map(optionOf) };
}

// `  -n, --min  Shortest string   [string] [default: 10]`
function optionOf(line: string): OptionHelp {
  const [names, text, notes] = line.trim().split(/ {2,}/);
  if (notes === undefined) throw new Error(`not an option of the help: ${line}`);
  return {
    names: names!.split(', '),
    takesValue: !notes.includes('[boolean]'),
    text: text!,
    default: /\[default: (.*?)\]/.exec(notes)?.[1],
  };
}

function exampleOf(line: string): readonly [string, string] {
  const [command, text = ''] = line.trim().split(/ {2,}/);
  return [command!, text];
}

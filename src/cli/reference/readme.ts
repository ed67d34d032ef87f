import { COMMANDS } from '../descriptors/index.ts';
import { SEARCH } from '../descriptors/search.ts';
import { code, escaped, markdownTable } from './markdown.ts';

const [BEGIN, END] = ['<!-- commands -->\n', '\n<!-- /commands -->'];

/** README.md with its table of commands generated again, between two comments. Throws if a comment is missing. */
export function withCommands(readme: string): string {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${BEGIN.trim()} … ${END.trim()}`);
  return `${readme.slice(0, from + BEGIN.length)}\n${commandTable()}\n${readme.slice(to)}`;
}

const commandTable = (): string =>
  markdownTable([
    ['command', 'purpose'],
    ...[SEARCH, ...COMMANDS].map(
      ({ usage, summary }) => [usage.map(code).join('<br>'), escaped(summary)] as const,
    ),
  ]);

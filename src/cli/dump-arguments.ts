import yargs from 'yargs';

import type { RegionKind } from '../target/target.ts';
import { badOption, parseRanges, parseTarget } from './options.ts';
import { DUMP_USAGE, type DumpOptions, dumpOptions, parseDump } from './options/dump.ts';

/** The options, or text to print instead. Throws BAD_OPTION. */
export async function parseDumpArguments(args: readonly string[]): Promise<DumpOptions | string> {
  let text = '';
  const parser = yargs()
    .scriptName('memscan')
    .locale('en')
    .usage(DUMP_USAGE)
    .options({
      ...dumpOptions,
      range: { string: true, array: true, requiresArg: true, nargs: 1, describe: 'Only addresses START-END' },
      all: { boolean: true, default: false, describe: 'File-backed pages too' },
      only: { string: true, requiresArg: true, describe: 'Only regions of these kinds' },
    })
    .parserConfiguration({
      'parse-positional-numbers': false,
      'dot-notation': false,
      'boolean-negation': false,
      'camel-case-expansion': false,
    })
    .help()
    .strictOptions()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error?: Error) => {
      throw badOption(message ?? error?.message ?? 'bad options', 'see memscan dump --help');
    });
  const given = await parser.parseAsync([...args], {}, (_error: unknown, _argv: unknown, output: string) => {
    text = output;
  });
  if (given['help']) return text;
  const only = given.only?.split(',') as RegionKind[] | undefined;
  const selection = { ranges: parseRanges(given.range ?? []), all: given.all, only };
  return { ...parseDump(given, selection), target: parseTarget(given._.map(String)) };
}

import { MemscanError } from '../errors.ts';
import { visible } from '../escape.ts';
import { EXIT } from './exit.ts';
import { parseDumpArguments } from './dump-arguments.ts';
import { parseOptions } from './options.ts';
import { BrokenPipe } from './output.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Runs the command line and ends the process. */
export async function main(args: readonly string[]): Promise<never> {
  process.exit(await run(args, openTerminal()));
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    if (args[0] === 'dump') return await runDump(args.slice(1), terminal);
    const options = await parseOptions(args);
    if (typeof options === 'string') {
      await terminal.stdout.write([Buffer.from(`${options}\n`)]);
      return EXIT.found;
    }
    // Loads the addon, which neither help nor a mistake needs.
    const { strings } = await import('./commands/strings.ts');
    return (await strings(options, terminal)) ? EXIT.found : EXIT.nothing;
  } catch (error) {
    if (error instanceof BrokenPipe) return EXIT.found;
    terminal.stderr.write(errorLines(error));
    return EXIT.error;
  }
}

async function runDump(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = await parseDumpArguments(args);
  if (typeof options === 'string') {
    await terminal.stdout.write([Buffer.from(`${options}\n`)]);
    return EXIT.found;
  }
  const { dump } = await import('./commands/dump.ts');
  return (await dump(options, terminal)) ? EXIT.found : EXIT.nothing;
}

function errorLines(error: unknown): string {
  if (error instanceof MemscanError) {
    return `memscan: ${visible(error.message)}\nmemscan: ${visible(error.advice)}\n`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `memscan: unexpected error: ${visible(message)}\nmemscan: please report it, with the command and its target\n`;
}

import { MemscanError } from '../errors.ts';
import { visible } from '../escape.ts';
import { addon } from '../native.ts';
import { strings } from './commands/strings.ts';
import { parseOptions } from './options.ts';
import { BrokenPipe } from './output.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const EXIT = { found: 0, nothing: 1, error: 2, interrupted: 130 } as const;

/** Runs the command line and ends the process. */
export async function main(args: readonly string[]): Promise<never> {
  const interrupt = new AbortController();
  process.once('SIGINT', () => {
    interrupt.abort();
    // Not process.exit(), which would wait for threads: one may be stuck in a write, for a reader that stands still.
    addon.exitNow(EXIT.interrupted);
  });
  process.exit(await run(args, openTerminal(interrupt.signal)));
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = await parseOptions(args);
    if (typeof options === 'string') {
      await terminal.stdout.write(Buffer.from(`${options}\n`));
      return EXIT.found;
    }
    return (await strings(options, terminal)) ? EXIT.found : EXIT.nothing;
  } catch (error) {
    if (error instanceof BrokenPipe) return EXIT.found;
    terminal.stderr.write(errorLines(error));
    return EXIT.error;
  }
}

function errorLines(error: unknown): string {
  if (error instanceof MemscanError) {
    return `memscan: ${visible(error.message)}\nmemscan: ${visible(error.advice)}\n`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `memscan: unexpected error: ${visible(message)}\nmemscan: please report it, with the command and its target\n`;
}

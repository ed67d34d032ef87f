import { MemscanError } from '../base/errors.ts';
import { visible } from '../base/escape.ts';
import type { Command, Job } from './command.ts';
import { COMMANDS } from './descriptors/index.ts';
import { SEARCH } from './descriptors/search.ts';
import { EXIT, Interrupted } from './terminal/exit.ts';
import { BrokenPipe } from './terminal/output.ts';
import { openTerminal, type Terminal } from './terminal/terminal.ts';

/** Runs the command line and ends the process. */
export async function main(args: readonly string[]): Promise<never> {
  process.exit(await run(args, openTerminal()));
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [command, rest] = commandIn(args);
    const prepared = await command.prepare(rest);
    const found = await ('text' in prepared ? print(prepared.text, terminal) : start(prepared, terminal));
    return found ? EXIT.found : EXIT.nothing;
  } catch (error) {
    if (error instanceof BrokenPipe) return EXIT.found;
    if (error instanceof Interrupted) return EXIT.interrupted;
    terminal.stderr.write(errorLines(error));
    return EXIT.error;
  }
}

/** Only the first argument names a command: behind options, the same word may be a value or a file. */
function commandIn(args: readonly string[]): readonly [Command, readonly string[]] {
  const named = COMMANDS.find(({ name }) => name === args[0]);
  return named ? [named, args.slice(1)] : [SEARCH, args];
}

async function print(text: string, { stdout }: Terminal): Promise<true> {
  await stdout.write([Buffer.from(`${text}\n`)]);
  return true;
}

async function start({ privileges, fullSpeed, load }: Job, terminal: Terminal): Promise<boolean> {
  const runCommand = await load();
  // Before anything of the target is read.
  if (privileges) {
    const { beModest } = await import('./commands/modesty.ts');
    beModest(privileges, fullSpeed, terminal);
  }
  return runCommand(terminal, [SEARCH, ...COMMANDS]);
}

function errorLines(error: unknown): string {
  if (error instanceof MemscanError) {
    return `memscan: ${visible(error.message)}\nmemscan: ${visible(error.advice)}\n`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `memscan: unexpected error: ${visible(message)}\nmemscan: please report it, with the command and its target\n`;
}

import { MemscanError } from '../base/errors.ts';
import { visible } from '../base/escape.ts';
import type { CommandBounds } from './bounding.ts';
import { EXIT, Interrupted } from './exit.ts';
import { parseCompletionOptions } from './options/completion.ts';
import { parseDiffOptions } from './options/diff.ts';
import { parseDoctorOptions } from './options/doctor.ts';
import { parseDumpOptions } from './options/dump.ts';
import { asksForHits, parseHits } from './options/hits.ts';
import { parseMapsOptions } from './options/maps.ts';
import { parseSnapshotOptions } from './options/snapshot.ts';
import { parseStrings } from './options/strings.ts';
import { parseTopOptions } from './options/top.ts';
import { parseWatchOptions } from './options/watch.ts';
import { BrokenPipe } from './output.ts';
import type { Privileges } from './privileges.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Runs the command line and ends the process. */
export async function main(args: readonly string[]): Promise<never> {
  process.exit(await run(args, openTerminal()));
}

/** Returns whether anything was found. */
type Command = (args: readonly string[], terminal: Terminal) => Promise<boolean>;

type Commands = typeof import('./commands/index.ts');

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['top', command(parseTopOptions, ({ top }) => top)],
  ['snapshot', command(parseSnapshotOptions, ({ snapshot }) => snapshot, 'writing')],
  ['diff', command(parseDiffOptions, ({ diff }) => diff)],
  ['watch', command(parseWatchOptions, ({ watch }) => watch, 'writing')],
  ['maps', command(parseMapsOptions, ({ maps }) => maps)],
  ['dump', command(parseDumpOptions, ({ dump }) => dump, 'writing')],
  ['doctor', command(parseDoctorOptions, ({ doctor }) => doctor)],
  ['completion', completion],
]);

const STRINGS = command(parseStrings, ({ strings }) => strings);
const HITS = command(parseHits, ({ hits }) => hits);

/** Loads what runs the command, and with it the addon, only when it is to run: neither help nor a mistake needs them. */
function command<Options extends object>(
  parse: (args: readonly string[]) => Promise<Options | string>,
  choose: (commands: Commands) => (options: Options, terminal: Terminal) => Promise<boolean>,
  privileges: Privileges = 'reading',
): Command {
  return async (args, terminal) => {
    const options = await parse(args);
    if (typeof options === 'string') return help(options, terminal);
    const commands = await import('./commands/index.ts');
    beModest(commands, privileges, options, terminal);
    return choose(commands)(options, terminal);
  };
}

/** It needs no addon. */
async function completion(args: readonly string[], terminal: Terminal): Promise<boolean> {
  const options = await parseCompletionOptions(args);
  if (typeof options === 'string') return help(options, terminal);
  return (await import('./commands/completion.ts')).completion(options, terminal);
}

async function help(text: string, { stdout }: Terminal): Promise<boolean> {
  await stdout.write([Buffer.from(`${text}\n`)]);
  return true;
}

/** Before anything of the target is looked at. */
function beModest(
  { ownProcess, keepPrivileges }: Commands,
  privileges: Privileges,
  { fullSpeed = false }: Partial<CommandBounds>,
  { stderr }: Terminal,
): void {
  const warning = keepPrivileges(privileges);
  if (warning !== undefined) stderr.write(`memscan: ${warning}\n`);
  if (!fullSpeed) ownProcess.standBack();
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const named = COMMANDS.get(args[0] ?? '');
  const unnamed = asksForHits(args) ? HITS : STRINGS;
  try {
    const found = await (named ? named(args.slice(1), terminal) : unnamed(args, terminal));
    return found ? EXIT.found : EXIT.nothing;
  } catch (error) {
    if (error instanceof BrokenPipe) return EXIT.found;
    if (error instanceof Interrupted) return EXIT.interrupted;
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

import { MemscanError } from '../errors.ts';
import { visible } from '../escape.ts';
import { EXIT } from './exit.ts';
import { parseCompletionOptions } from './options/completion.ts';
import { parseDiffOptions } from './options/diff.ts';
import { parseDoctorOptions } from './options/doctor.ts';
import { parseDumpOptions } from './options/dump.ts';
import { parseMapsOptions } from './options/maps.ts';
import { asksForPlaces, parsePlaces } from './options/places.ts';
import { parseSnapshotOptions } from './options/snapshot.ts';
import { parseStrings } from './options/strings.ts';
import { parseTopOptions } from './options/top.ts';
import { parseWatchOptions } from './options/watch.ts';
import type { CommandBounds } from './bounding.ts';
import { BrokenPipe } from './output.ts';
import type { Privileges } from './privileges.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Runs the command line and ends the process. */
export async function main(args: readonly string[]): Promise<never> {
  process.exit(await run(args, openTerminal()));
}

/** Returns whether anything was found. */
type Command = (args: readonly string[], terminal: Terminal) => Promise<boolean>;

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['top', command(parseTopOptions, async () => (await import('./commands/top.ts')).top)],
  [
    'snapshot',
    command(parseSnapshotOptions, async () => (await import('./commands/snapshot.ts')).snapshot, 'writing'),
  ],
  ['diff', command(parseDiffOptions, async () => (await import('./commands/diff.ts')).diff)],
  ['watch', command(parseWatchOptions, async () => (await import('./commands/watch.ts')).watch, 'writing')],
  ['maps', command(parseMapsOptions, async () => (await import('./commands/maps.ts')).maps)],
  ['dump', command(parseDumpOptions, async () => (await import('./commands/dump.ts')).dump, 'writing')],
  ['doctor', command(parseDoctorOptions, async () => (await import('./commands/doctor.ts')).doctor)],
  [
    'completion',
    command(parseCompletionOptions, async () => (await import('./commands/completion.ts')).completion),
  ],
]);

const STRINGS = command(parseStrings, async () => (await import('./commands/strings.ts')).strings);
const PLACES = command(parsePlaces, async () => (await import('./commands/places.ts')).places);

/** Loads what runs the command, and with it the addon, only when it is to run: neither help nor a mistake needs them. */
function command<Options extends object>(
  parse: (args: readonly string[]) => Promise<Options | string>,
  load: () => Promise<(options: Options, terminal: Terminal) => Promise<boolean>>,
  privileges: Privileges = 'reading',
): Command {
  return async (args, terminal) => {
    const options = await parse(args);
    if (typeof options !== 'string') {
      const run = await load();
      await beModest(privileges, options, terminal);
      return run(options, terminal);
    }
    await terminal.stdout.write([Buffer.from(`${options}\n`)]);
    return true;
  };
}

/** Before anything of the target is looked at. */
async function beModest(
  privileges: Privileges,
  { fullSpeed = false }: Partial<CommandBounds>,
  { stderr }: Terminal,
): Promise<void> {
  const warning = (await import('./privileges.ts')).keepPrivileges(privileges);
  if (warning !== undefined) stderr.write(`memscan: ${warning}\n`);
  if (!fullSpeed) (await import('../native.ts')).addon.standBack();
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const named = COMMANDS.get(args[0] ?? '');
  const unnamed = asksForPlaces(args) ? PLACES : STRINGS;
  try {
    const found = await (named ? named(args.slice(1), terminal) : unnamed(args, terminal));
    return found ? EXIT.found : EXIT.nothing;
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

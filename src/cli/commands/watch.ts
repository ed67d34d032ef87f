import { MemscanError } from '../../base/errors.ts';
import { visible } from '../../base/escape.ts';
import { compareSnapshots } from '../../content/compare.ts';
import { RoundsFile } from '../../content/rounds-file.ts';
import { type Snapshot, type SnapshotOptions, withoutText } from '../../content/snapshot.ts';
import { type Watch, type WatchRound, watchTarget } from '../../content/watch.ts';
import { duration as timeText } from '../show/amounts.ts';
import { diffJsonLines, diffTextLines } from '../show/diff-lines.ts';
import { endJson, endLine, roundJson, roundLine, roundTitles } from '../show/watch-lines.ts';
import { Interrupted } from '../terminal/exit.ts';
import { stopSignal } from '../terminal/interrupt.ts';
import type { Terminal } from '../terminal/terminal.ts';

export interface WatchOptions {
  readonly pid: number;
  /** Milliseconds. */
  readonly every: number;
  /** Milliseconds; undefined until the process ends. */
  readonly duration: number | undefined;
  readonly scan: SnapshotOptions;
  readonly kept: RoundsKept | undefined;
  /** Rows of each table; Infinity = all. */
  readonly limit: number;
  readonly json: boolean;
}

/** The file that rounds are kept in. */
export interface RoundsKept {
  readonly path: string;
  readonly force: boolean;
  readonly samples: boolean;
}

/**
 * `memscan watch`: prints a line for each round and, whatever ends it, a table of what grew from the first to the last.
 * Returns whether there was a round. Throws MemscanError, BrokenPipe, and Interrupted before the first round.
 */
export async function watch(options: WatchOptions, terminal: Terminal): Promise<boolean> {
  const { pid, every, duration, scan, kept } = options;
  const signal = stopSignal();
  const file = kept && new KeptRounds(kept, terminal.stderr);
  terminal.stderr.write(startText(options));
  const bounds = { every, ...(duration !== undefined && { duration }) };
  const watched = watchTarget(pid, { ...scan, ...bounds, signal });
  const watching = new Watching(options, terminal, file);
  const failure = await watching.run(watched).catch((error: unknown) => ({ error }));
  file?.close();
  await watching.printEnd(watched);
  if (failure && failure.error !== signal.reason) throw failure.error;
  if (file?.failure) throw file.failure;
  if (watching.count === 0 && signal.aborted) throw new Interrupted();
  return watching.count > 0;
}

function startText({ pid, every, duration }: WatchOptions): string {
  const time = duration === undefined ? '' : ` for ${timeText(duration / 1000)}`;
  return `memscan: watching process ${pid} every ${timeText(every / 1000)}${time}; Ctrl-C ends it with what grew\n`;
}

/** Prints rounds, and holds the first and the last for the table at the end. */
class Watching {
  count = 0;
  private first: Snapshot | undefined;
  private last: Snapshot | undefined;

  constructor(
    private readonly options: WatchOptions,
    private readonly terminal: Terminal,
    private readonly file: KeptRounds | undefined,
  ) {}

  async run(watched: Watch): Promise<void> {
    for await (const round of watched) {
      this.count++;
      this.first ??= round.snapshot;
      this.last = round.snapshot;
      await this.print(this.roundLines(round));
      await this.file?.add(round);
    }
  }

  async printEnd({ end }: Watch): Promise<void> {
    const { first, last } = this;
    if (!first || !last) return;
    const { json, limit } = this.options;
    const { columns } = this.terminal.stdout;
    if (end) await this.print([json ? endJson(end) : endLine(end, last)]);
    if (first === last) return;
    const report = { first, second: last, comparison: compareSnapshots(first, last), limit };
    await this.print(json ? diffJsonLines(report) : ['', ...diffTextLines(report, columns)]);
  }

  private roundLines(round: WatchRound): string[] {
    const { columns } = this.terminal.stdout;
    if (this.options.json) return [roundJson(round)];
    const titles = round.round === 1 ? [roundTitles(columns)] : [];
    return [...titles, roundLine(round, columns)];
  }

  private print(lines: readonly string[]): Promise<void> {
    return this.terminal.stdout.write([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
  }
}

/** The file of the rounds. If a round cannot be written, as on a full disk, watching continues. */
class KeptRounds {
  /** Why the last round is not in the file. */
  failure: MemscanError | undefined;
  private readonly file: RoundsFile;

  constructor(
    private readonly options: RoundsKept,
    private readonly stderr: Terminal['stderr'],
  ) {
    this.file = RoundsFile.create(options.path, options.force);
  }

  async add({ snapshot }: WatchRound): Promise<void> {
    try {
      await this.file.add(this.options.samples ? snapshot : withoutText(snapshot));
      this.failure = undefined;
    } catch (error) {
      if (!(error instanceof MemscanError)) throw error;
      if (!this.failure) this.stderr.write(`memscan: ${visible(error.message)}; watching continues\n`);
      this.failure = error;
    }
  }

  close(): void {
    this.file.close();
  }
}

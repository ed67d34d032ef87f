import { secretPatterns } from '../../content/masking.ts';
import type { LineStyle } from '../../native/lines.ts';
import { encodingsOf } from '../../scan/encodings.ts';
import type { Patterns } from '../../scan/patterns.ts';
import { newStats, type ScanOptions, type ScanStats } from '../../scan/scan.ts';
import { countByPattern, countInBatches } from '../../scan/strings.ts';
import { Tally } from '../../scan/tally.ts';
import { TimeLimit } from '../../scan/time-limit.ts';
import type { Target } from '../../targets/target.ts';
import type { PatternsOptions } from '../options/ready.ts';
import { Context, type ContextOptions } from '../show/context.ts';
import { scanLines } from '../show/lines.ts';
import { tallyJson, tallyTable } from '../show/tally.ts';
import type { Progress } from '../terminal/progress.ts';
import { type Terminal, wantsColor } from '../terminal/terminal.ts';
import { Warnings } from '../terminal/warnings.ts';
import { patternsOf } from './patterns.ts';
import { countThenPrint, scanning } from './scanning.ts';
import type { Shown } from './shown.ts';

export interface StringsOptions extends Shown {
  readonly scan: ScanOptions;
  readonly patterns: PatternsOptions;
  readonly counts: boolean;
  readonly onlyMatching: boolean;
  readonly context: ContextOptions | undefined;
  readonly showSecrets: boolean;
  /** Characters of a text at most; 0 = no limit. */
  readonly maxLength: number;
  readonly address: boolean;
}

interface Task {
  readonly target: Target;
  readonly patterns: Patterns | undefined;
  readonly options: StringsOptions;
  readonly stats: ScanStats;
  readonly terminal: Terminal;
  readonly progress: Progress | undefined;
  /** Counts what each pattern finds, where that is shown. */
  readonly tally: Tally | undefined;
}

/**
 * `memscan <target>`: prints the strings of a target, or their number. Returns whether there were any. Throws
 * MemscanError and BrokenPipe.
 */
export async function strings(options: StringsOptions, terminal: Terminal): Promise<boolean> {
  const warnings = new Warnings(terminal.stderr);
  const limit = new TimeLimit((...args) => warnings.givenUp(...args));
  const patterns = await patternsOf(options.patterns, limit);
  const stats = newStats();
  let tally: Tally | undefined;
  const run = async (target: Target, progress: Progress | undefined): Promise<void> => {
    warnings.over(progress);
    tally = patterns && talliesWith(options, patterns) ? new Tally(target, patterns.list) : undefined;
    const task = { target, patterns, options, stats, terminal, progress, tally };
    await (options.count ? printCount(task) : options.counts ? printCounts(task) : printLines(task));
  };
  const finish = (): void => {
    warnings.finish();
    if (tally && options.progress && !options.counts)
      terminal.stderr.write(linesOf(tallyTable(tally.counts())));
  };
  await scanning(options, terminal, { stats, run, finish });
  return stats.strings > 0;
}

/** A table of more patterns is only for --counts: to make it, each string is searched for every one. */
const MOST_IN_SUMMARY = 20;

function talliesWith({ counts, progress }: StringsOptions, { list, mode }: Patterns): boolean {
  if (counts) return true;
  return progress && mode !== 'none' && list.length > 1 && list.length <= MOST_IN_SUMMARY;
}

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

async function printLines(task: Task): Promise<void> {
  const { target, patterns, options, stats, terminal, progress, tally } = task;
  const { scan, limit, onlyMatching } = options;
  const secrets = options.showSecrets ? undefined : secretPatterns(patterns?.list);
  const lines = {
    scan,
    patterns,
    style: lineStyle(task),
    limit,
    onlyMatching,
    namesPatterns:
      options.json &&
      patterns?.mode !== 'none' &&
      (options.patterns.find.length > 0 || (patterns?.list.length ?? 0) > 1),
    context: options.context && new Context(target, options.context, secrets),
    secrets,
    tally,
  };
  for await (const buffers of scanLines(target, lines, stats)) {
    if (terminal.stdout.isTTY) progress?.clear();
    await terminal.stdout.write(buffers);
  }
}

function lineStyle({ target, options, terminal }: Task): LineStyle {
  return {
    json: options.json,
    showEncoding: encodingsOf(options.scan.encoding).length > 1 && options.address,
    showAddress: options.address,
    addressDigits: target.kind === 'file' ? 8 : 12,
    escapeTab: target.kind !== 'file',
    color: !options.json && wantsColor(options.color, terminal.stdout.isTTY),
    maxLength: options.maxLength,
  };
}

async function printCount(task: Task): Promise<void> {
  const { stats, options } = task;
  const count = async (): Promise<void> => {
    for await (const _ of countBatches(task)) {
      if (stats.strings >= options.limit) break;
    }
  };
  await countThenPrint(count, () => {
    stats.strings = Math.min(stats.strings, options.limit);
    return printAtEnd(task, [String(stats.strings)]);
  });
}

async function printCounts(task: Task): Promise<void> {
  const count = async (): Promise<void> => {
    for await (const _ of countBatches(task));
  };
  const report = task.options.json ? tallyJson : tallyTable;
  await countThenPrint(count, () => printAtEnd(task, report(task.tally!.counts())));
}

async function printAtEnd({ terminal, progress }: Task, lines: readonly string[]): Promise<void> {
  if (terminal.stdout.isTTY) progress?.stop();
  await terminal.stdout.write([Buffer.from(linesOf(lines))]);
}

function countBatches(task: Task): AsyncGenerator<void> {
  const { target, patterns, options, stats, tally } = task;
  if (!tally) return countInBatches(target, options.scan, patterns, stats);
  return countByPattern(target, options.scan, patterns!, tally, stats, options.limit);
}

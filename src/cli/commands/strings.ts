import { MemscanError } from '../../errors.ts';
import type { LineStyle } from '../../native.ts';
import type { Patterns } from '../../scan/patterns.ts';
import { newStats, type ScanOptions, type ScanStats } from '../../scan/scan.ts';
import { countByPattern, countInBatches } from '../../scan/strings.ts';
import { Tally } from '../../scan/tally.ts';
import { TimeLimit } from '../../scan/time-limit.ts';
import { openTarget } from '../../target/open.ts';
import type { Target } from '../../target/target.ts';
import { Context } from '../context.ts';
import { onInterrupt } from '../interrupt.ts';
import { scanLines } from '../lines.ts';
import type { StringsOptions } from '../options/strings.ts';
import { BrokenPipe } from '../output.ts';
import { patternsOf } from '../patterns.ts';
import { type Progress, startProgress } from '../progress.ts';
import { Secrets } from '../secrets.ts';
import { summary } from '../summary.ts';
import { tallyJson, tallyTable } from '../tally.ts';
import { type Terminal, wantsColor } from '../terminal.ts';
import { Warnings } from '../warnings.ts';

interface Task {
  readonly target: Target;
  readonly patterns: Patterns | undefined;
  readonly options: StringsOptions;
  readonly stats: ScanStats;
  readonly terminal: Terminal;
  readonly progress: Progress | undefined;
  /** Of each pattern, where that is to be told. */
  readonly tally: Tally | undefined;
}

/**
 * `memscan <target>`: prints the strings of a target, or their number. Returns whether there were any. Throws
 * MemscanError and BrokenPipe. Whatever ends it, an interrupt too, the summary of what was done is printed first; but for
 * a broken pipe, where nobody listens any more.
 */
export async function strings(options: StringsOptions, terminal: Terminal): Promise<boolean> {
  const warnings = new Warnings(terminal.stderr);
  const limit = new TimeLimit((...args) => warnings.givenUp(...args));
  const patterns = await patternsOf(options, limit);
  const target = await openTarget(options.target);
  const stats = newStats();
  const resident = target.residentBytes();
  const expected = (): number => target.expectedBytes(options);
  const progress = startProgress(options.progress, terminal.stderr, stats, expected);
  warnings.over(progress);
  const tally = patterns && talliesWith(options, patterns) ? new Tally(target, patterns.list) : undefined;
  const started = performance.now();
  const finish = (ended = false): void => {
    progress?.stop();
    const seconds = (performance.now() - started) / 1000;
    warnings.finish();
    if (!options.progress) return;
    if (tally && !options.counts) terminal.stderr.write(linesOf(tallyTable(tally.counts())));
    terminal.stderr.write(summary(target, stats, resident, seconds, ended));
  };
  onInterrupt(() => finish());
  try {
    const task = { target, patterns, options, stats, terminal, progress, tally };
    await (options.count ? printCount(task) : options.counts ? printCounts(task) : printLines(task));
    finish();
    return stats.strings > 0;
  } catch (error) {
    if (error instanceof BrokenPipe) progress?.stop();
    else finish(error instanceof MemscanError && error.code === 'TARGET_ENDED');
    throw error;
  } finally {
    target.close();
  }
}

/** A table of more patterns is for those who ask for it: to make it, each string is looked through for every one. */
const MOST_IN_SUMMARY = 20;

function talliesWith({ counts, progress, mode }: StringsOptions, { list }: Patterns): boolean {
  if (counts) return true;
  return progress && mode !== 'none' && list.length > 1 && list.length <= MOST_IN_SUMMARY;
}

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const scanOptions = ({ options }: Task): ScanOptions => ({
  min: options.min,
  encoding: options.encoding,
  ranges: options.ranges,
  all: options.all,
  only: options.only,
  skip: options.skip,
  larger: options.larger,
  ...(options.jobs !== undefined && { jobs: options.jobs }),
});

async function printLines(task: Task): Promise<void> {
  const { target, patterns, options, stats, terminal, progress, tally } = task;
  const { limit, onlyMatching, find } = options;
  const secrets = secretsOf(task);
  const lines = {
    scan: scanOptions(task),
    patterns,
    style: lineStyle(task),
    limit,
    onlyMatching,
    namesPatterns:
      options.json && patterns?.mode !== 'none' && (find.length > 0 || (patterns?.list.length ?? 0) > 1),
    context: options.context && new Context(target, options.context, secrets),
    secrets,
    tally,
  };
  for await (const buffers of scanLines(target, lines, stats)) {
    if (terminal.stdout.isTTY) progress?.clear();
    await terminal.stdout.write(buffers);
  }
}

function secretsOf({ patterns, options }: Task): Secrets | undefined {
  const hiding = options.showSecrets ? [] : (patterns?.list.filter(({ hides }) => hides) ?? []);
  return hiding.length > 0 ? new Secrets(hiding) : undefined;
}

function lineStyle({ target, options, terminal }: Task): LineStyle {
  return {
    encoding: options.encoding,
    json: options.json,
    showAddress: options.address,
    addressDigits: target.kind === 'file' ? 8 : 12,
    escapeTab: target.kind !== 'file',
    color: !options.json && wantsColor(options.color, terminal.stdout.isTTY),
    maxLength: options.maxLength,
  };
}

async function printCount(task: Task): Promise<void> {
  const { stats, options, terminal, progress } = task;
  for await (const _ of countBatches(task)) {
    if (stats.strings >= options.limit) break;
  }
  stats.strings = Math.min(stats.strings, options.limit);
  if (terminal.stdout.isTTY) progress?.stop();
  await terminal.stdout.write([Buffer.from(`${stats.strings}\n`)]);
}

async function printCounts(task: Task): Promise<void> {
  const { options, terminal, progress } = task;
  const tally = task.tally!;
  for await (const _ of countBatches(task));
  if (terminal.stdout.isTTY) progress?.stop();
  const report = options.json ? tallyJson : tallyTable;
  await terminal.stdout.write([Buffer.from(linesOf(report(tally.counts())))]);
}

function countBatches(task: Task): AsyncGenerator<void> {
  const { target, patterns, options, stats, tally } = task;
  if (!tally) return countInBatches(target, scanOptions(task), patterns, stats);
  return countByPattern(target, scanOptions(task), patterns!, tally, stats, options.limit);
}

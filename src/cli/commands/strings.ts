import { MemscanError } from '../../errors.ts';
import type { LineStyle } from '../../native.ts';
import { parsePattern, type Pattern } from '../../scan/pattern.ts';
import { newStats, type ScanOptions, type ScanStats } from '../../scan/scan.ts';
import { countInBatches } from '../../scan/strings.ts';
import { openTarget } from '../../target/open.ts';
import type { Target } from '../../target/target.ts';
import { scanLines } from '../lines.ts';
import { onInterrupt } from '../interrupt.ts';
import type { StringsOptions } from '../options/strings.ts';
import { BrokenPipe } from '../output.ts';
import { type Progress, startProgress } from '../progress.ts';
import { summary } from '../summary.ts';
import { type Terminal, wantsColor } from '../terminal.ts';

interface Task {
  readonly target: Target;
  readonly pattern: Pattern | undefined;
  readonly options: StringsOptions;
  readonly stats: ScanStats;
  readonly terminal: Terminal;
  readonly progress: Progress | undefined;
}

/**
 * `memscan <target>`: prints the strings of a target, or their number. Returns whether there were any. Throws
 * MemscanError and BrokenPipe. Whatever ends it, an interrupt too, the summary of what was done is printed first; but for
 * a broken pipe, where nobody listens any more.
 */
export async function strings(options: StringsOptions, terminal: Terminal): Promise<boolean> {
  const pattern = await patternOf(options);
  const target = await openTarget(options.target);
  const stats = newStats();
  const resident = target.residentBytes();
  const expected = (): number => target.expectedBytes(options);
  const progress = startProgress(options.progress, terminal.stderr, stats, expected);
  const started = performance.now();
  const finish = (ended = false): void => {
    progress?.stop();
    const seconds = (performance.now() - started) / 1000;
    if (options.progress) terminal.stderr.write(summary(target, stats, resident, seconds, ended));
  };
  onInterrupt(() => finish());
  try {
    const task = { target, pattern, options, stats, terminal, progress };
    await (options.count ? printCount(task) : printLines(task));
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

const patternOf = async (options: StringsOptions): Promise<Pattern | undefined> =>
  options.grep === undefined ? undefined : parsePattern(options.grep, { ...options, linear: true });

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
  const { target, pattern, options, stats, terminal, progress } = task;
  const style = lineStyle(task);
  const lines = { scan: scanOptions(task), pattern, style, limit: options.limit };
  for await (const buffers of scanLines(target, lines, stats)) {
    if (terminal.stdout.isTTY) progress?.clear();
    await terminal.stdout.write(buffers);
  }
}

function lineStyle({ target, pattern, options, terminal }: Task): LineStyle {
  return {
    json: options.json,
    showEncoding: options.encoding.length > 1 && options.address,
    showAddress: options.address,
    addressDigits: target.kind === 'file' ? 8 : 12,
    escapeTab: target.kind !== 'file',
    color: !options.json && wantsColor(options.color, terminal.stdout.isTTY),
    maxLength: options.maxLength,
    needle: pattern?.kind === 'literal' ? pattern.needle : undefined,
  };
}

async function printCount(task: Task): Promise<void> {
  const { target, pattern, options, stats, terminal, progress } = task;
  for await (const _ of countInBatches(target, scanOptions(task), pattern, stats)) {
    if (stats.strings >= options.limit) break;
  }
  stats.strings = Math.min(stats.strings, options.limit);
  if (terminal.stdout.isTTY) progress?.stop();
  await terminal.stdout.write([Buffer.from(`${stats.strings}\n`)]);
}

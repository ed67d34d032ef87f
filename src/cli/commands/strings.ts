import type { LineStyle } from '../../native.ts';
import { parsePattern, type Pattern } from '../../scan/pattern.ts';
import { newStats, type ScanOptions, type ScanStats } from '../../scan/scan.ts';
import { countInBatches } from '../../scan/strings.ts';
import type { Target } from '../../target/target.ts';
import { scanLines } from '../lines.ts';
import type { StringsOptions } from '../options/strings.ts';
import type { Progress } from '../progress.ts';
import { scanning } from '../scanning.ts';
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
 * MemscanError and BrokenPipe.
 */
export async function strings(options: StringsOptions, terminal: Terminal): Promise<boolean> {
  const pattern = await patternOf(options);
  const stats = newStats();
  await scanning(options, terminal, stats, (target, progress) => {
    const task = { target, pattern, options, stats, terminal, progress };
    return options.count ? printCount(task) : printLines(task);
  });
  return stats.strings > 0;
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
    encoding: options.encoding,
    json: options.json,
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

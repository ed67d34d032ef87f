import { type TopContent, ContentScan } from '../../content/top.ts';
import { MemscanError } from '../../errors.ts';
import { parsePattern } from '../../scan/pattern.ts';
import { newStats, type ScanOptions } from '../../scan/scan.ts';
import { openTarget } from '../../target/open.ts';
import type { Target } from '../../target/target.ts';
import { onInterrupt } from '../interrupt.ts';
import type { TopOptions } from '../options/top.ts';
import { BrokenPipe } from '../output.ts';
import { startProgress } from '../progress.ts';
import { summary } from '../summary.ts';
import { type Terminal, wantsColor } from '../terminal.ts';
import { topJsonLines, topTextLines } from '../top-lines.ts';

/**
 * `memscan top <target>`: prints what fills a target's memory. Returns whether there was anything. Throws MemscanError
 * and BrokenPipe. Should the target end meanwhile, what was found until then is printed first.
 */
export async function top(options: TopOptions, terminal: Terminal): Promise<boolean> {
  const pattern =
    options.grep === undefined ? undefined : await parsePattern(options.grep, { ...options, linear: true });
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
    const scan = new ContentScan(target, scanOptions(options), stats);
    const failure = await scan.run(pattern).catch((error: unknown) => ({ error }));
    const ended = failure?.error instanceof MemscanError && failure.error.code === 'TARGET_ENDED';
    if (!failure || ended) {
      progress?.stop();
      await print(scan.result(), { target, options, resident, terminal });
    }
    finish(ended);
    if (failure) throw failure.error;
    return stats.coverage.scanned > 0 && (!pattern || stats.strings > 0);
  } catch (error) {
    if (error instanceof BrokenPipe) progress?.stop();
    throw error;
  } finally {
    target.close();
  }
}

const scanOptions = (options: TopOptions): ScanOptions => ({
  min: options.min,
  encoding: options.encoding,
  ranges: options.ranges,
  all: options.all,
  only: options.only,
  skip: options.skip,
  larger: options.larger,
  ...(options.jobs !== undefined && { jobs: options.jobs }),
});

interface Printed {
  readonly target: Target;
  readonly options: TopOptions;
  readonly resident: number;
  readonly terminal: Terminal;
}

async function print(content: TopContent, { target, options, resident, terminal }: Printed): Promise<void> {
  const { stdout } = terminal;
  const families =
    options.by === 'bytes' ? content.families : content.families.toSorted((a, b) => b.strings - a.strings);
  const report = { target, resident, content, families: families.slice(0, options.limit) };
  const lines = options.json
    ? topJsonLines(report)
    : topTextLines(report, { columns: stdout.columns, color: wantsColor(options.color, stdout.isTTY) });
  await stdout.write([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
}

import { type ContentOptions, type TopContent, ContentScan } from '../../content/top.ts';
import { MemscanError } from '../../errors.ts';
import type { Patterns } from '../../scan/patterns.ts';
import { newStats } from '../../scan/scan.ts';
import { TimeLimit } from '../../scan/time-limit.ts';
import type { Target } from '../../target/target.ts';
import type { TopOptions } from '../options/top.ts';
import { patternsOf } from '../patterns.ts';
import type { Progress } from '../progress.ts';
import { scanning } from '../scanning.ts';
import { secretsOf } from '../secrets.ts';
import { type Terminal, wantsColor } from '../terminal.ts';
import { topJsonLines, topTextLines } from '../top-lines.ts';
import { Warnings } from '../warnings.ts';

/**
 * `memscan top <target>`: prints what fills a target's memory. Returns whether there was anything. Throws MemscanError
 * and BrokenPipe. Should the target end meanwhile, what was found until then is printed first.
 */
export async function top(options: TopOptions, terminal: Terminal): Promise<boolean> {
  const warnings = new Warnings(terminal.stderr);
  const patterns = await patternsOf(options, new TimeLimit((...args) => warnings.givenUp(...args)));
  const stats = newStats();
  const run = async (target: Target, progress: Progress | undefined): Promise<void> => {
    warnings.over(progress);
    const resident = target.residentBytes();
    const scan = new ContentScan(target, scanOptions(options), stats);
    const failure = await scan.run(patterns).catch((error: unknown) => ({ error }));
    if (failure && !hasEnded(failure.error)) throw failure.error;
    progress?.stop();
    await print(scan.result(), { target, options, patterns, resident, terminal });
    if (failure) throw failure.error;
  };
  await scanning(options, terminal, { stats, run, finish: () => warnings.finish() });
  return stats.coverage.scanned > 0 && (!patterns || stats.strings > 0);
}

const hasEnded = (error: unknown): boolean => error instanceof MemscanError && error.code === 'TARGET_ENDED';

const scanOptions = (options: TopOptions): ContentOptions => ({
  ...options.bounds,
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
  readonly patterns: Patterns | undefined;
  readonly resident: number;
  readonly terminal: Terminal;
}

async function print(
  content: TopContent,
  { target, options, patterns, resident, terminal }: Printed,
): Promise<void> {
  const { stdout } = terminal;
  const secrets = secretsOf(patterns, options.showSecrets);
  const families =
    options.by === 'bytes' ? content.families : content.families.toSorted((a, b) => b.strings - a.strings);
  const shown = families.slice(0, options.limit).map((family) => secrets?.hideInFamily(family) ?? family);
  const report = { target, resident, content, families: shown };
  const lines = options.json
    ? topJsonLines(report)
    : topTextLines(report, { columns: stdout.columns, color: wantsColor(options.color, stdout.isTTY) });
  await stdout.write([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
}

import type { Family } from '../../content/family.ts';
import { earlierFamilies, type FamilyGrowths, growthSince } from '../../content/growth.ts';
import { type ContentOptions, ContentScan } from '../../content/top.ts';
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
import { type ShownFamily, topJsonLines, type TopReport, topTextLines } from '../top-lines.ts';
import { utf16Hint } from '../utf16-hint.ts';
import { Warnings } from '../warnings.ts';

/**
 * `memscan top <target>`: prints what fills a target's memory. Returns whether there was anything. Throws MemscanError
 * and BrokenPipe. Should the target end meanwhile, what was found until then is printed first.
 */
export async function top(options: TopOptions, terminal: Terminal): Promise<boolean> {
  const warnings = new Warnings(terminal.stderr);
  const patterns = await patternsOf(options, new TimeLimit((...args) => warnings.givenUp(...args)));
  const stats = newStats();
  const earlier = options.growth && (await earlierFamilies(options.growth, scanOptions(options), patterns));
  const run = async (target: Target, progress: Progress | undefined): Promise<void> => {
    warnings.over(progress);
    const resident = target.residentBytes();
    const time = Date.now();
    const scan = new ContentScan(target, scanOptions(options), stats);
    const failure = await scan.run(patterns).catch((error: unknown) => ({ error }));
    if (failure && !hasEnded(failure.error)) throw failure.error;
    progress?.stop();
    const content = scan.result();
    // Of a part of the target, nothing is known to have grown.
    const growths = earlier && !failure ? growthSince(earlier, target, content.families, time) : undefined;
    const families = shownFamilies(content.families, { scan, options, patterns, growths });
    await print({ target, resident, content, families }, options, terminal);
    if (failure) throw failure.error;
    if (options.progress && !patterns) terminal.stderr.write(await utf16Hint(target, scanOptions(options)));
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

interface Choice {
  readonly scan: ContentScan;
  readonly options: TopOptions;
  readonly patterns: Patterns | undefined;
  readonly growths: FamilyGrowths | undefined;
}

function shownFamilies(
  families: readonly Family[],
  { scan, options, patterns, growths }: Choice,
): ShownFamily[] {
  const secrets = secretsOf(patterns, options.showSecrets);
  const chosen = inOrder(families, options.by, growths).slice(0, options.limit);
  const shown = scan.withBlocks(chosen).map((family, i) => ({ ...family, ...growths?.get(chosen[i]!) }));
  return secrets ? shown.map((family) => secrets.hideInFamily(family)) : shown;
}

async function print(report: TopReport, options: TopOptions, { stdout }: Terminal): Promise<void> {
  const lines = options.json
    ? topJsonLines(report)
    : topTextLines(report, { columns: stdout.columns, color: wantsColor(options.color, stdout.isTTY) });
  await stdout.write([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
}

function inOrder(
  families: readonly Family[],
  order: TopOptions['by'],
  growths: FamilyGrowths | undefined,
): readonly Family[] {
  const growthOf = (family: Family): number => growths?.get(family)?.growth ?? 0;
  if (order === 'growth') return families.toSorted((a, b) => growthOf(b) - growthOf(a));
  return order === 'bytes' ? families : families.toSorted((a, b) => b.strings - a.strings);
}

import type { Family } from '../../content/family.ts';
import { earlierFamilies, type FamilyGrowths, growthSince } from '../../content/growth.ts';
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
    await print(content, { target, options, patterns, resident, terminal, growths });
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
  readonly growths: FamilyGrowths | undefined;
}

async function print(content: TopContent, printed: Printed): Promise<void> {
  const { target, options, resident, terminal, growths } = printed;
  const { stdout } = terminal;
  const families = inOrder(content.families, options.by, growths).slice(0, options.limit);
  const report = { target, resident, content, ...withoutSecrets(families, printed) };
  const lines = options.json
    ? topJsonLines(report)
    : topTextLines(report, { columns: stdout.columns, color: wantsColor(options.color, stdout.isTTY) });
  await stdout.write([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
}

/** What is shown of families, and what they grow. */
function withoutSecrets(
  families: readonly Family[],
  { options, patterns, growths }: Printed,
): { families: readonly Family[]; growths: FamilyGrowths | undefined } {
  const secrets = secretsOf(patterns, options.showSecrets);
  if (!secrets) return { families, growths };
  const hidden = families.map((family) => secrets.hideInFamily(family));
  const growthAt = (i: number) => growths?.get(families[i]!);
  return {
    families: hidden,
    growths: new Map(hidden.flatMap((family, i) => (growthAt(i) ? [[family, growthAt(i)!]] : []))),
  };
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

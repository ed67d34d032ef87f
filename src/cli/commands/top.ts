import {
  type EarlierFamilies,
  earlierFamilies,
  type GrowthAsked,
  growthSince,
} from '../../content/growth.ts';
import { maskFamily } from '../../content/masked-family.ts';
import { secretPatterns } from '../../content/masking.ts';
import { ContentSample, type SampleContent } from '../../content/sample.ts';
import { ContentScan, type TopContent } from '../../content/top.ts';
import type { Patterns } from '../../scan/patterns.ts';
import { newStats, resetStats, type ScanOptions, type ScanStats } from '../../scan/scan.ts';
import { TimeLimit } from '../../scan/time-limit.ts';
import type { Target } from '../../targets/target.ts';
import type { Color } from '../options/output.ts';
import type { FamilyOrder } from '../options/overview.ts';
import type { PatternsOptions } from '../options/ready.ts';
import { duration } from '../show/amounts.ts';
import { inOrder, widest } from '../show/families.ts';
import { sampleJsonLines, sampleTextLines } from '../show/sample-lines.ts';
import { type ShownFamily, topJsonLines, topTextLines } from '../show/top-lines.ts';
import { utf16Hint } from '../show/utf16-hint.ts';
import { Interim } from '../terminal/interim.ts';
import type { Progress } from '../terminal/progress.ts';
import { report } from '../terminal/report.ts';
import { isAddressable, type Terminal, wantsColor } from '../terminal/terminal.ts';
import { Warnings } from '../terminal/warnings.ts';
import { patternsOf } from './patterns.ts';
import { hasEnded, scanning } from './scanning.ts';

export interface TopOptions {
  readonly target: number | string;
  readonly scan: ScanOptions;
  readonly patterns: PatternsOptions;
  /** Families shown; Infinity = all. */
  readonly limit: number;
  readonly by: FamilyOrder;
  readonly showSecrets: boolean;
  /** Which process is scanned twice; where `by` is growth. */
  readonly growth: GrowthAsked | undefined;
  readonly json: boolean;
  readonly method: Method;
  readonly progress: boolean;
  readonly color: Color;
}

/** How the answer is found. `both`: on a terminal an estimate first, and then the exact answer in its place. */
export type Method = 'exact' | 'sample' | 'both';

/**
 * `memscan top <target>`: prints what fills a target's memory; on a terminal an estimate first, and then the exact answer
 * in its place. Returns whether there was anything. Throws MemscanError and BrokenPipe; where the target ends during an
 * exact scan, what was found until then is printed first.
 */
export async function top(options: TopOptions, terminal: Terminal): Promise<boolean> {
  const warnings = new Warnings(terminal.stderr);
  const patterns = await patternsOf(options.patterns, new TimeLimit((...args) => warnings.givenUp(...args)));
  const stats = newStats();
  if (options.growth && options.progress) terminal.stderr.write(looksText(options.growth));
  const earlier = options.growth && (await earlierFamilies(options.growth, options.scan, patterns));
  const run = async (target: Target, progress: Progress | undefined): Promise<void> => {
    warnings.over(progress);
    const resident = target.residentBytes();
    const work = { target, options, patterns, earlier, resident, terminal, stats, progress };
    if (options.method === 'sample') return printSample(work);
    if (options.method === 'both' && isAddressable(terminal.stdout)) await printBoth(work);
    else await printExact(work);
    if (options.progress && !patterns) report(terminal.stderr, await utf16Hint(target, options.scan));
  };
  await scanning(options, terminal, { stats, run, finish: () => warnings.finish() });
  return stats.coverage.scanned > 0 && (!patterns || stats.strings > 0);
}

const looksText = ({ after }: GrowthAsked): string => `memscan: two scans, ${duration(after / 1000)} apart\n`;

interface Work {
  readonly target: Target;
  readonly options: TopOptions;
  readonly patterns: Patterns | undefined;
  /** The families of the first of two scans, with `--by growth`. */
  readonly earlier: EarlierFamilies | undefined;
  readonly resident: number;
  readonly terminal: Terminal;
  readonly stats: ScanStats;
  readonly progress: Progress | undefined;
}

async function printSample(work: Work): Promise<void> {
  const content = await new ContentSample(work.target, work.options.scan, work.stats).run();
  work.progress?.stop();
  await print(work, sampleLines(work, content, false));
}

async function printBoth(work: Work): Promise<void> {
  const { target, options, terminal, stats, progress } = work;
  const sample = await new ContentSample(target, options.scan, stats).run();
  if (sample.exact) {
    progress?.stop();
    return print(work, sampleLines(work, sample, false));
  }
  const interim = new Interim(terminal.stdout);
  progress?.clear();
  await interim.show(sampleLines(work, sample, true));
  resetStats(stats);
  const scan = new ContentScan(target, options.scan, stats);
  await scan.run(undefined);
  progress?.stop();
  await interim.replace(scannedLines(work, scan, undefined));
}

async function printExact(work: Work): Promise<void> {
  const { target, options, patterns, earlier, stats, progress } = work;
  const time = performance.now();
  const scan = new ContentScan(target, options.scan, stats);
  const failure = await scan.run(patterns).catch((error: unknown) => ({ error }));
  if (failure && !hasEnded(failure.error)) throw failure.error;
  progress?.stop();
  // Growth cannot be known from a part of the target.
  await print(work, scannedLines(work, scan, earlier && !failure ? { earlier, time } : undefined));
  if (failure) throw failure.error;
}

interface Since {
  readonly earlier: EarlierFamilies;
  /** When the later scan began, by the clock of EarlierFamilies.time. */
  readonly time: number;
}

function scannedLines(work: Work, scan: ContentScan, since: Since | undefined): string[] {
  const { options, patterns } = work;
  const content = scan.result();
  const growths = since && growthSince(since.earlier, content.families, since.time);
  const chosen = inOrder(content.families, options.by, growths).slice(0, options.limit);
  const shown = growths ? chosen : widest(chosen, options, ({ bytes }) => bytes / content.text.bytes);
  const families = scan.withBlocks(shown).map((family, i) => ({ ...family, ...growths?.get(shown[i]!) }));
  const secrets = options.showSecrets ? undefined : secretPatterns(patterns?.list);
  return exactLines(
    work,
    content,
    secrets ? families.map((family) => maskFamily(family, secrets)) : families,
  );
}

function exactLines(work: Work, content: TopContent, families: readonly ShownFamily[]): string[] {
  const report = { ...reportOf(work), content, families };
  return work.options.json ? topJsonLines(report) : topTextLines(report, styleOf(work));
}

function sampleLines(work: Work, content: SampleContent, isFirst: boolean): string[] {
  const { options } = work;
  const { exact } = content;
  if (exact && !options.json) {
    const families = widest(
      inOrder(exact.families, options.by),
      options,
      ({ bytes }) => bytes / exact.text.bytes,
    );
    return exactLines(work, exact, families);
  }
  const families = widest(inOrder(content.families, options.by), options, ({ share }) => share.value);
  const report = { ...reportOf(work), content, families, isFirst };
  return options.json ? sampleJsonLines(report) : sampleTextLines(report, styleOf(work));
}

const reportOf = ({ target, resident }: Work): Pick<Work, 'target' | 'resident'> => ({ target, resident });

const styleOf = ({ options, terminal: { stdout } }: Work) => ({
  columns: stdout.columns,
  color: wantsColor(options.color, stdout.isTTY),
});

const print = ({ terminal }: Work, lines: readonly string[]): Promise<void> =>
  terminal.stdout.write([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);

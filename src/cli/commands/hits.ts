import type { HitsWanted } from '../../native/hits.ts';
import { type HitRequest, type HitStats, newHitStats, searchHits } from '../../scan/hits.ts';
import type { PassOptions } from '../../scan/pass.ts';
import type { Target } from '../../targets/target.ts';
import { labelsFor } from '../show/labels.ts';
import { firstLines } from '../show/lines.ts';
import type { Progress } from '../terminal/progress.ts';
import { type Terminal, wantsColor } from '../terminal/terminal.ts';
import { countThenPrint, scanning } from './scanning.ts';
import type { Shown } from './shown.ts';

export interface HitsOptions extends Shown {
  readonly scan: PassOptions;
  readonly wanted: HitsWanted;
}

interface Task {
  readonly target: Target;
  readonly options: HitsOptions;
  readonly stats: HitStats;
  readonly terminal: Terminal;
  readonly progress: Progress | undefined;
}

/**
 * `memscan <target> --hex …` or `--pointers-to …`: prints where bytes or pointers are, or how many. Returns
 * whether there were any. Throws MemscanError and BrokenPipe.
 */
export async function hits(options: HitsOptions, terminal: Terminal): Promise<boolean> {
  const stats = newHitStats();
  const run = (target: Target, progress: Progress | undefined): Promise<void> => {
    const task = { target, options, stats, terminal, progress };
    return options.count ? printCount(task) : printLines(task);
  };
  await scanning(options, terminal, { stats, run });
  return stats.hits > 0;
}

async function printLines(task: Task): Promise<void> {
  const { options, stats, terminal, progress } = task;
  const { scan, limit } = options;
  for await (const results of searchHits(task.target, scan, lineRequest(task), stats)) {
    let left = limit - (stats.hits - results.reduce((sum, { hits }) => sum + hits, 0));
    const buffers: Buffer[] = [];
    for (const { lines, hits } of results) {
      const { bytes, count } = firstLines({ bytes: lines!, count: hits }, left);
      buffers.push(bytes);
      left -= count;
    }
    stats.hits = Math.min(stats.hits, limit);
    if (terminal.stdout.isTTY) progress?.clear();
    await terminal.stdout.write(buffers);
    if (stats.hits >= limit) return;
  }
}

function lineRequest({ target, options, terminal }: Task): HitRequest {
  const labels = labelsFor(target, { json: options.json, showAddress: true });
  return {
    wanted: options.wanted,
    output: 'lines',
    style: {
      json: options.json,
      color: !options.json && wantsColor(options.color, terminal.stdout.isTTY),
      addressDigits: target.kind === 'file' ? 8 : 12,
    },
    labels: labels && ((ranges) => labels.within(ranges)),
    limit: options.limit,
  };
}

async function printCount(task: Task): Promise<void> {
  const { target, options, stats, terminal, progress } = task;
  const request = { wanted: options.wanted, output: 'count', limit: Infinity } as const;
  const count = async (): Promise<void> => {
    for await (const _ of searchHits(target, options.scan, request, stats)) {
      if (stats.hits >= options.limit) break;
    }
  };
  await countThenPrint(count, async () => {
    stats.hits = Math.min(stats.hits, options.limit);
    if (terminal.stdout.isTTY) progress?.stop();
    await terminal.stdout.write([Buffer.from(`${stats.hits}\n`)]);
  });
}

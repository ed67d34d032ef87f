import { parseArgs } from 'node:util';

import { cleanUpAtEnd, scratch } from './cleanup.ts';
import { expectEqual } from './command.ts';
import { timeHarm } from './harm.ts';
import { timeKernelsOn } from './in-process.ts';
import { timeLeaks } from './leak.ts';
import { timeLive } from './live.ts';
import { machine, noise } from './machine.ts';
import { timeMaps } from './maps.ts';
import type { Timing } from './measure.ts';
import { timeMemory } from './memory.ts';
import { timePeers } from './peers.ts';
import { timeSample } from './sample.ts';
import { timeSearchPeers } from './search-peers.ts';
import { timeSnapshot } from './snapshot.ts';
import { timeSparse } from './sparse.ts';
import { timeStart } from './start.ts';
import { type Row, type Section, table } from './table.ts';
import { type Block, copyToFile, endTarget, GIB, hugeShare, MIB, type Pages, startMixed } from './target.ts';
import { compileTools } from './tools.ts';
import { timeTop } from './top.ts';

interface Plan {
  /** Path of child.ts. */
  readonly child: string;
  readonly quick: boolean;
  readonly bytes: number;
  readonly rounds: number;
  /** Number of rounds for measurements that take many seconds. */
  readonly slowRounds: number;
  /** Seconds for each kernel and case. */
  readonly kernelSeconds: number;
}

/** Rounds of searches by other tools: some take yara a minute. */
const PEER_ROUNDS = 1;

const FULL = { quick: false, bytes: GIB, rounds: 7, slowRounds: 3, kernelSeconds: 1 };
const QUICK = { quick: true, bytes: 256 * MIB, rounds: 3, slowRounds: 1, kernelSeconds: 0.3 };

const FOOTNOTES = [
  'Medians; a round that is not counted comes first; contenders of one section take turns. ceiling: the fastest of its',
  "rows. best: the ratio of each one's fastest runs. library, warm: openTarget() and the count in a Node process",
  'that has just done the same. less start-up: wall time less the median of memscan --version in the same rounds.',
  "GB/s: the block's bytes by the median. peak: ru_maxrss.",
];

/** Runs all measurements and prints the table. `child` is the path of child.ts. Throws if a count is wrong. */
export async function main(args: string[], child: string): Promise<void> {
  const { quick } = parseArgs({ args, options: { quick: { type: 'boolean', default: false } } }).values;
  const plan: Plan = { ...(quick ? QUICK : FULL), child };
  cleanUpAtEnd();
  const about = machine();
  compileTools();
  const mixed = await timeMixed(plan);
  const sections = [
    ...mixed.sections,
    await section('one leak of text with Chinese in it, less start-up', () =>
      timeLeaks(plan.bytes / 2, plan.slowRounds),
    ),
    await section('start', () => timeStart()),
    await section('1 TiB reserved, 40 MiB resident', () => timeSparse(plan.rounds)),
    await section('regions', () => timeMaps(plan.rounds)),
    await section('what a busy target feels, ms: p50 / p99 / p99.9 / most', () => timeHarm(quick)),
    await section('a sample of the content', () => timeSample(plan.slowRounds, quick)),
    await section('peak memory', () => timeMemory(plan.slowRounds, quick)),
  ];
  process.stdout.write([about, noise(mixed.ceiling), '', table(sections), '', ...FOOTNOTES, ''].join('\n'));
}

interface Mixed {
  readonly sections: readonly Section[];
  readonly ceiling: Timing;
}

async function timeMixed(plan: Plan): Promise<Mixed> {
  const small = await onTarget(plan, '4k', async (block) => {
    const live = await timeLiveSection(plan, block, true);
    const dump = scratch('dump');
    copyToFile(block, block.bytes, dump);
    const searches = await section('searches by others, on the same target and a ready dump of it', () =>
      timeSearchPeers(block, dump, live.result, PEER_ROUNDS),
    );
    const peers = await section('other tools', () => timePeers(block, dump, live.result, plan.slowRounds));
    const top = await section('content, on the same target', async () => [
      ...(await timeTop(block, live.result.strings, plan.slowRounds)),
      ...(await timeSnapshot(block, plan.slowRounds)),
    ]);
    const kernels = await section('kernels, one job at a time, on a file of 64 MiB', () =>
      timeKernelsOn(block, plan.child, plan.kernelSeconds),
    );
    return { live, rest: [searches, peers, top, kernels] };
  });
  const huge = await onTarget(plan, 'huge', (block) => timeLiveSection(plan, block, false));
  expectEqual('strings on huge pages', huge.result.strings, small.live.result.strings);
  return { sections: [small.live.section, huge.section, ...small.rest], ceiling: small.live.result.ceiling };
}

async function timeLiveSection({ child, rounds }: Plan, block: Block, judged: boolean) {
  const title = `live target of ${block.bytes / MIB} MiB, ${(hugeShare(block) * 100).toFixed(0)} % in huge pages`;
  progress(title);
  const result = await timeLive(block, { child, rounds, judged });
  return { result, section: { title, rows: result.rows } };
}

async function onTarget<Result>(
  plan: Plan,
  pages: Pages,
  work: (block: Block) => Promise<Result>,
): Promise<Result> {
  const block = await startMixed(plan.bytes, pages);
  try {
    return await work(block);
  } finally {
    endTarget(block);
  }
}

async function section(title: string, work: () => Promise<readonly Row[]>): Promise<Section> {
  progress(title);
  return { title, rows: await work() };
}

const progress = (title: string): boolean => process.stderr.write(`bench: ${title}\n`);

// Builds the fuzzers and runs them one after the other, each for its share of the time. New inputs are stored beside
// the build. An input that breaks an invariant is stored with the seeds, which every test run replays.
//   npm run fuzz -- [--seconds 300] [--target kernels]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { buildNative } from './native.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '300' }, target: { type: 'string', default: '' } },
});
const root = join(import.meta.dirname, '..');
const seeds = join(root, 'test/fuzz/corpus');
const targets = readdirSync(seeds).filter((name) => name.startsWith(values.target));
const seconds = Math.ceil(Number(values.seconds) / targets.length);
if (!(seconds > 0)) throw new Error(`--seconds ${values.seconds}, --target ${values.target}: nothing to run`);

const programs = buildNative('fuzz', 'fuzzers');
const broken = targets.filter((target) => !fuzz(target));
console.log(broken.length > 0 ? `BROKEN: ${broken.join(', ')}` : `no finding in ${targets.join(', ')}`);
process.exitCode = broken.length > 0 ? 1 : 0;

/** Runs one fuzzer. Returns whether it found nothing. */
function fuzz(target) {
  const learned = join(root, 'build-native/corpus', target);
  mkdirSync(learned, { recursive: true });
  console.log(`${target}: ${seconds} s`);
  const options = [`-max_total_time=${seconds}`, '-timeout=10', '-rss_limit_mb=2048', '-verbosity=0'];
  const kept = `-artifact_prefix=${join(seeds, target)}/`;
  const run = spawnSync(
    join(programs, target),
    [...options, '-print_final_stats=1', kept, learned, join(seeds, target)],
    {
      stdio: 'inherit',
    },
  );
  return run.status === 0;
}

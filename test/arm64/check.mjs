// Runs on the emulated machine: scans a live process with the package's addon, and says whether all is as it should be.
import { strictEqual } from 'node:assert';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const COUNT = 20_000;
const SCRIPT = `globalThis.kept = Array.from({ length: ${COUNT} }, (_, i) => Buffer.from('arm64 text 未读 ' + i + ' of a live process'));
console.log('ready'); setInterval(() => {}, 1000);`;

function memscan(...args) {
  const { stdout, stderr, status } = spawnSync('/bin/node', ['/memscan/bin/memscan.js', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  console.log(`memscan ${args.join(' ')}: ${status}\n${stderr}`);
  return stdout;
}

const target = spawn('/bin/node', ['-e', SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
await once(target.stdout, 'data');
const pid = String(target.pid);
target.kill('SIGSTOP');

for (const kernel of ['neon', 'scalar']) {
  process.env['MEMSCAN_KERNEL'] = kernel;
  const lines = memscan(
    pid,
    '--grep',
    'arm64 text 未读 [0-9]+ of a live process',
    '--json',
    '--max-length',
    '0',
  )
    .trim()
    .split('\n');
  const numbers = lines.flatMap((line) =>
    [...JSON.parse(line).text.matchAll(/未读 (\d+) of/g)].map((match) => match[1]),
  );
  strictEqual(new Set(numbers).size, COUNT);
  console.log(`${kernel}: all ${COUNT} texts are found`);
}
console.log(memscan('maps', pid, '--limit', '3'));
memscan('dump', pid, '-o', '/tmp/core');
strictEqual(memscan('/tmp/core', '--count'), memscan(pid, '--count'));
console.log('MEMSCAN WORKS HERE');
target.kill('SIGKILL');

// npm run demo: starts the leaking service, shows what memscan finds in it, and ends it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// The service ends with its standard input: whatever becomes of this script, it is not left behind.
const service = spawn(process.execPath, [inRoot('demo/leak.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
process.on('exit', () => service.kill('SIGKILL'));

const [ready] = await once(createInterface({ input: service.stdout }), 'line');
const [, pid, messages] = ready.split(' ');

function memscan(...options) {
  console.log(`\n$ memscan ${[pid, ...options].join(' ')}`);
  const { status } = spawnSync(process.execPath, [inRoot('bin/memscan.js'), pid, ...options], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

console.log(`A Node service (pid ${pid}) keeps ${messages} websocket messages in Buffers.`);
console.log('Its JavaScript heap does not show them. What is in its memory?');
memscan('--min', '10', '--grep', 'websocket', '--limit', '10');
console.log('\nHow many are there?');
memscan('--min', '10', '--grep', 'websocket', '--count');
process.exit();

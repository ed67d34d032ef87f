// npm run demo: starts the leaking service, shows what memscan finds in it, and ends it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { startLeakingService } from './leaking-service.mjs';

const bin = fileURLToPath(new URL('../bin/memscan.js', import.meta.url));

const { pid, messages } = await startLeakingService();

function memscan(...options) {
  console.log(`\n$ memscan ${options.join(' ')}`);
  const { status } = spawnSync(process.execPath, [bin, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

console.log(`A Node service (pid ${pid}) keeps ${messages} websocket messages in Buffers.`);
console.log('Its JavaScript heap does not show them. What fills its memory?');
memscan('top', pid, '--limit', '1');
console.log('\nWhere are they, and what do they say?');
memscan(pid, '--grep', 'push.*websocket', '--limit', '10');
console.log('\nHow many are there?');
memscan(pid, '--grep', 'websocket', '--count');
console.log(
  `\nBeyond the ${messages}: copies made on the way, which garbage collection has not cleared yet.`,
);
process.exit();

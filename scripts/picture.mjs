// npm run picture: writes docs/memscan.svg, a picture of a terminal in which memscan finds the leak of the demo's
// service. The output was recorded on a pty.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { fileURLToPath } from 'node:url';

import { startLeakingService } from './leaking-service.mjs';
import { Screen } from './terminal-screen.mjs';
import { svgOf } from './terminal-svg.mjs';

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const COLUMNS = 118;
const PROMPT = '\x1b[1;32m$\x1b[0m ';

const { pid } = await startLeakingService();
const screen = new Screen(COLUMNS);
const commands = [
  ['top', pid, '--exact', '--limit', '1'],
  [pid, '--grep', 'push.*websocket', '--limit', '3'],
  [pid, '--grep', 'websocket', '--count'],
];
commands.forEach((options, i) => {
  const typed = ['memscan', ...options].map(quoted).join(' ');
  screen.write(`${i > 0 ? '\n' : ''}${PROMPT}\x1b[1m${typed}\x1b[0m\n${recorded(options)}`);
});
const svg = svgOf(screen.lines(), COLUMNS, 'memscan names the leak of a live process');
for (const own of [homedir(), hostname(), inRoot('')]) {
  if (own.length > 1 && svg.includes(own)) throw new Error(`${own} would be in the picture`);
}
mkdirSync(inRoot('docs'), { recursive: true });
writeFileSync(inRoot('docs/memscan.svg'), svg);
console.log(`docs/memscan.svg: ${(svg.length / 1024).toFixed(1)} KiB`);
process.exit();

/** Returns what memscan writes to a terminal. */
function recorded(options) {
  const { NO_COLOR: _, ...env } = process.env;
  const program = [process.execPath, inRoot('bin/memscan.js'), ...options].map(quoted).join(' ');
  const command = `stty rows 40 cols ${COLUMNS} && exec ${program}`;
  const { status, stdout, error } = spawnSync('script', ['-q', '-e', '-c', command, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...env, TERM: 'xterm-256color', SHELL: '/bin/sh' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`memscan ${options.join(' ')}: ${error ?? stdout}`);
  return stdout;
}

function quoted(word) {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

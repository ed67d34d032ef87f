import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const TABLES = join(root, 'native/encodings/tables.bin');

/** Runs a script in a process of its own that loads only the addon. Returns what it prints. */
const runWithAddon = (script: string): string =>
  execFileSync(process.execPath, ['--eval', script, join(root, 'build/Release/memscan.node')], {
    encoding: 'utf8',
  });

const SCRIPT = `
const addon = require(process.argv[1]);
const file = require('node:fs').readFileSync(${JSON.stringify(TABLES)});
const scan = () => {
  const options = { kernel: 'scalar', encodings: [5], minLength: 10, conditions: [], unmet: false, output: 'count' };
  try { return typeof new addon.Scan(options); } catch (error) { return error.message; }
};
const changed = (at) => { const bytes = Buffer.from(file); bytes[at] ^= 1; return bytes; };
const wrong = [Buffer.alloc(0), Buffer.alloc(file.length), file.subarray(1), Buffer.concat([file, Buffer.alloc(1)])];
const results = [scan(), ...[...wrong, changed(0), changed(file.length - 1)].map((bytes) => addon.loadTables(bytes)), scan()];
console.log(JSON.stringify([...results, addon.loadTables(file), addon.loadTables(file), scan()]));
`;

it('takes no other file than its own, and scans in none of the other encodings without it', () => {
  const missing = 'loadTables() comes first';
  const wrong = [false, false, false, false, false, false];
  expect(JSON.parse(runWithAddon(SCRIPT))).toEqual([missing, ...wrong, missing, true, true, 'object']);
});

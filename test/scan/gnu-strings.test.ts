import { execFile } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { fileOf, seededBytes, temporaryFolder } from '../fixtures/memory.ts';

const shell = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder();

/** The digest of a shell command's output, which may be hundreds of megabytes. */
async function digest(command: string, file: string): Promise<string> {
  const script = `set -eo pipefail; export LC_ALL=C; (${command}) | sha256sum`;
  const { stdout } = await shell('bash', ['-c', script, 'bash', file], { cwd: root });
  return stdout;
}

/** Exit code 1, nothing found, is not a failure here. */
const memscan = (options: string): string =>
  `{ "${process.execPath}" bin/memscan.js "$1" --encoding ascii --no-progress ${options} || [ $? = 1 ]; }`;

/** Formats memscan's lines with 8-digit offsets as strings -t x does. A back-reference would take five times as long. */
const AS_STRINGS = String.raw`sed 's/^0x0\{0,7\}//; s/  / /'`;

function libraries(): string[] {
  const places = ['/usr/lib', '/usr/lib64'].filter((place) => existsSync(place));
  const triples = places.flatMap((place) =>
    readdirSync(place)
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => join(place, name)),
  );
  const jvms = existsSync('/usr/lib/jvm')
    ? readdirSync('/usr/lib/jvm').map((name) => `/usr/lib/jvm/${name}`)
    : [];
  const candidates = [
    ...[...places, ...triples].map((place) => join(place, 'libstdc++.so.6')),
    ...jvms.map((jvm) => join(jvm, 'lib/server/libjvm.so')),
  ];
  return [...new Set(candidates.filter((path) => existsSync(path)).map((path) => realpathSync(path)))];
}

const random = fileOf(folder, seededBytes(64 << 20, 20260501));
const files = [process.execPath, random, ...libraries()];

describe.each(files)('the strings of %s', (file) => {
  it.each([1, 4, 10, 64])(
    'of %d characters and more are those of GNU strings, text and offsets',
    async (min) => {
      const [expected, found] = await Promise.all([
        digest(String.raw`strings -a -n ${min} -t x "$1" | sed 's/^ *//'`, file),
        digest(`${memscan(`-n ${min} --max-length 0`)} | ${AS_STRINGS}`, file),
      ]);
      expect(found).toBe(expected);
    },
    180_000,
  );

  it('are, without addresses, what GNU strings prints', async () => {
    expect(await digest(memscan('-n 4 --no-address'), file)).toBe(await digest('strings -a -n 4 "$1"', file));
  }, 180_000);
});

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

import stringWidth from 'fast-string-width';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { linesOf, MEMSCAN, memscan } from '../fixtures/cli.ts';
import { compile } from '../fixtures/compile.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { type LiveTarget, startTarget } from '../fixtures/process.ts';

const root = temporaryFolder();

let grow: LiveTarget;
let path: string;
beforeEach(async () => {
  grow = await startTarget(compile('grow'));
  await grow.send('push 1000');
  path = join(mkdtempSync(join(root, 'folder-')), 'rounds');
});

interface Watching {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** All that it prints. */
  readonly outcome: Promise<{
    readonly code: number | null;
    readonly lines: string[];
    readonly stderr: string;
  }>;
  /** Resolves when so many lines have been printed, or one like this. */
  printed(lines: number | RegExp): Promise<void>;
}

/** `memscan watch` of the target, which runs. */
function watching(...options: readonly string[]): Watching {
  const child = spawn(process.execPath, [MEMSCAN, 'watch', String(grow.pid), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(line));
  const [closed, stderr] = [once(child, 'close') as Promise<[number | null]>, text(child.stderr)];
  return {
    child,
    outcome: (async () => ({ code: (await closed)[0], lines, stderr: await stderr }))(),
    printed: async (wanted) => {
      const isThere = (): boolean =>
        typeof wanted === 'number' ? lines.length >= wanted : lines.some((line) => wanted.test(line));
      // Where it ends too early, the test fails by what it printed.
      while (!isThere() && (await Promise.race([once(reader, 'line'), closed.then(() => undefined)])));
    },
  };
}

const TITLES = /^ +TIME +RESIDENT +TEXT +A MINUTE +FROM FIRST +OF WHAT GREW MOST$/;
const FIRST = /^\d\d:\d\d:\d\d +[\d.]+ MiB +[\d.]+ KiB +- +-$/;
const GREW = /^\d\d:\d\d:\d\d +[\d.]+ MiB +[\d.]+ MiB +\+[\d.]+ .iB +\+[\d.]+ .iB {2}42\["push"/;
const PUSH = '42["push",{"channel":"websocket","userId":<n>,"unread":<n>}]';

describe('memscan watch', () => {
  it('prints a line a round, and what grew at the end', async () => {
    const watch = watching('--every', '1s');
    await watch.printed(FIRST);
    await grow.send('push 50000');
    await watch.printed(GREW);
    watch.child.kill('SIGINT');
    const { code, lines, stderr } = await watch.outcome;
    expect(code).toBe(0);
    expect(stderr).toBe(`memscan: watching process ${grow.pid} every 1 s; Ctrl-C ends it with what grew\n`);
    expect(lines[0]).toMatch(TITLES);
    expect(lines[1]).toMatch(FIRST);
    const grew = lines.find((line) => GREW.test(line))!;
    expect(grew).toMatch(/ (\+[\d.]+ .iB) +\1 {2}42\["push"/);
    expect(grew.endsWith(PUSH)).toBe(true);
    const end = lines.indexOf('');
    expect(lines.slice(2, end).every((line) => /^\d\d:\d\d:\d\d /.test(line))).toBe(true);
    expect(lines[end + 1]).toMatch(/^process \d+ \(grow\), [\d.]+ \w+ apart: /);
    const families = lines.findIndex((line) => / IN +FAMILY$/.test(line));
    expect(lines[families + 1]).toMatch(/^ *\+[\d.]+ MiB .* heap +42\["push"/);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(120);
  });

  it('ends after its time, with a last round', async () => {
    const { code, lines, stderr } = await watching('--every', '1h', '--for', '1s').outcome;
    expect(code).toBe(0);
    expect(stderr).toBe(
      `memscan: watching process ${grow.pid} every 1 h for 1 s; Ctrl-C ends it with what grew\n`,
    );
    expect(lines[1]).toMatch(FIRST);
    expect(lines[2]).toMatch(/^\d\d:\d\d:\d\d /);
    expect(lines[3]).toBe('');
    expect(lines[4]).toMatch(/^process \d+ \(grow\), [\d.]+ \w+ apart: /);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends with that on %s', async (signal) => {
    const watch = watching('--every', '1s');
    await watch.printed(3);
    watch.child.kill(signal);
    const { code, lines } = await watch.outcome;
    expect(code).toBe(0);
    expect(lines.some((line) => line.startsWith(`process ${grow.pid} (grow), `))).toBe(true);
  });

  it('says when the process has ended', async () => {
    const watch = watching('--every', '1h');
    await watch.printed(2);
    await grow.stop();
    const { code, lines } = await watch.outcome;
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatch(
      new RegExp(`^process ${grow.pid} \\(grow\\) ended (at \\S+|between \\S+ and \\S+)$`),
    );
  });

  it('prints JSON: rounds, the end, what is compared, and what grew', async () => {
    const watch = watching('--every', '1s', '--json');
    await watch.printed(1);
    await grow.send('push 5000');
    await watch.printed(/"sinceFirst".*\\"push\\"/);
    await grow.stop();
    const { code, lines } = await watch.outcome;
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const types = rows.map(({ type }) => type);
    expect(code).toBe(0);
    const rounds = types.indexOf('end');
    expect(rows[0]).toMatchObject({
      type: 'round',
      round: 1,
      skipped: 0,
      text: { strings: expect.any(Number) },
    });
    expect(rows[rounds - 1]).toMatchObject({
      round: rounds,
      sinceFirst: { seconds: expect.any(Number), family: { shape: PUSH, places: expect.any(Object) } },
    });
    expect(rows[rounds]).toMatchObject({ how: 'ended', lastSeen: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(types.slice(rounds + 1)).toEqual(expect.arrayContaining(['diff', 'kind', 'family']));
  });

  it('keeps rounds in a file, which diff compares', async () => {
    const watch = watching('--every', '1s', '-o', path);
    await watch.printed(FIRST);
    await grow.send('push 50000');
    await watch.printed(GREW);
    watch.child.kill('SIGINT');
    const { code, lines } = await watch.outcome;
    expect(code).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const end = lines.indexOf('');
    expect(linesOf(gunzipSync(readFileSync(path)).toString()).length).toBe(lines.slice(1, end).length);
    const { stdout } = await memscan(['diff', path]);
    expect(linesOf(stdout)).toEqual(lines.slice(end + 1));
    const { code: refused, stderr } = await memscan(['watch', String(grow.pid), '-o', path]);
    expect([refused, stderr]).toEqual([2, expect.stringContaining('memscan: not written over')]);
  });

  it('keeps no text there with --no-samples, and prints it all the same', async () => {
    const { lines } = await watching('--every', '1s', '--for', '1s', '-o', path, '--no-samples').outcome;
    expect(lines.length).toBeGreaterThanOrEqual(3);
    const json = gunzipSync(readFileSync(path)).toString();
    expect(json).toContain('"key":');
    expect(json).not.toMatch(/push|websocket|shape/);
  });

  it('leaves no file where it is interrupted in the first round', async () => {
    const watch = watching('-o', path, '--max-rate', '1M', '--all');
    await once(watch.child.stderr, 'data');
    watch.child.kill('SIGINT');
    const { code, lines } = await watch.outcome;
    expect([code, lines]).toEqual([130, []]);
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('leaves no file of a process that is not there', async () => {
    await grow.stop();
    const { code, stderr } = await memscan(['watch', String(grow.pid), '-o', path]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`no such process: ${grow.pid}`)]);
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it.each([
    [[], 'no target given'],
    [['core.1'], 'only a live process can be watched: core.1 is not a pid'],
    [['1', '--every', '0s'], 'bad --every: 0s'],
    [['1', '--for', 'ever'], 'bad --for: ever'],
    [['1', '--no-samples'], 'no file to write to'],
    [['1', '-o', ''], 'no file to write to'],
    [['1', '-o', '-'], 'what was seen cannot be written to standard output'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stdout, stderr } = await memscan(['watch', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(linesOf(stderr)).toEqual([`memscan: ${message}`, expect.stringMatching(/^memscan: .+/)]);
  });
});

describe('memscan top --by growth', () => {
  const growing = async (...options: readonly string[]): Promise<string> => {
    const args = [
      'top',
      String(grow.pid),
      '--by',
      'growth',
      '--after',
      '1s',
      '--limit',
      '1',
      '--no-progress',
    ];
    const child = spawn(process.execPath, [MEMSCAN, ...args, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const output = text(child.stdout);
    // Whenever it looks for the first time: there is more at the second.
    const more = setInterval(() => void grow.send('log 200'), 10);
    try {
      return await output;
    } finally {
      clearInterval(more);
    }
  };

  it('tells first what grows most, and how fast', async () => {
    await grow.send('push 50000');
    const stdout = await growing();
    expect(stdout).toMatch(
      /^ +\d+\.\d %  the worker has accepted a connection on port <n> from another host$/m,
    );
    expect(stdout).toMatch(/^ +[\d.]+ [KM]iB \(\+[\d.]+ [KM]iB\/min\): [\d,]+ strings/m);
    const [, family] = linesOf(await growing('--json')).map(
      (line) => JSON.parse(line) as Record<string, number>,
    );
    expect(family).toMatchObject({ type: 'family', growth: expect.any(Number) });
    expect(family!['perMinute']! / family!['growth']!).toBeGreaterThan(10);
    expect(family!['growth']).toBeGreaterThan(0);
  });

  it('is of a live process alone', async () => {
    writeFileSync(path, 'some text of a file');
    const { code, stderr } = await memscan(['top', path, '--by', 'growth']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--by growth needs a live process')]);
    const other = await memscan(['top', path, '--after', '5s']);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('--after needs --by growth')]);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { linesOf, MEMSCAN, memscan } from '../fixtures/cli.ts';

import { MIB, PAGE, type Puppet, startPuppet } from '../fixtures/puppet.ts';

// A tmpfs would be memory: files are on a disk.
const root = mkdtempSync('/var/tmp/memscan-test-');
afterAll(() => rmSync(root, { recursive: true, force: true }));

let puppet: Puppet;
let pid: string;
let start: bigint;
const length = 256 * MIB;
const TEXT = 'some text to be dumped. ';
beforeAll(async () => {
  puppet = await startPuppet();
  pid = String(puppet.pid);
  start = await puppet.area(length);
  await puppet.repeat(start, length, TEXT);
});

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'folder-'));
  path = join(folder, 'dump');
});

const rangeOf = (from: bigint, bytes: number): string =>
  `${from.toString(16)}-${(from + BigInt(bytes)).toString(16)}`;

describe('memscan dump', () => {
  it('writes a core, which memscan then scans', async () => {
    const { code, stdout, stderr } = await memscan(['dump', pid, '-o', path]);
    expect([code, stdout]).toEqual([0, '']);
    expect(linesOf(stderr)[0]).toMatch(
      /^memscan: 25\d MiB of 25\d MiB resident written to \/var.*\/dump, \d+\.\d\d s, \d+\.\d GB\/s$/,
    );
    expect(linesOf(stderr)[1]).toMatch(
      /^memscan: left out: .* not resident, .* file-backed \(see --all\), .* special$/,
    );
    const scan = await memscan([path, '--range', rangeOf(start, PAGE)]);
    const line = `0x${start.toString(16).padStart(12, '0')}  anon          ${TEXT.repeat(200)}`.slice(
      0,
      14 + 2 + 12 + 2 + PAGE,
    );
    expect(linesOf(scan.stdout)).toEqual([line]);
    expect(scan.stderr).toMatch(/scanned of 25\d MiB resident/);
  });

  it('writes the bytes of one range', async () => {
    const { code } = await memscan(['dump', pid, '-o', path, '--range', rangeOf(start + 24n, 240)]);
    expect(code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(TEXT.repeat(10));
  });

  it('writes them to a pipe, too, with zeros for what is not there', async () => {
    const range = rangeOf(start - BigInt(PAGE), 2 * PAGE);
    const { code, stdout, stderr } = await memscan(['dump', pid, '-o', '-', '--range', range]);
    expect(code).toBe(0);
    expect(stdout).toBe('\0'.repeat(PAGE) + TEXT.repeat(200).slice(0, PAGE));
    expect(stderr).toMatch(
      /^memscan: 4 KiB of .* written to standard output, .*\nmemscan: left out: 4 KiB .*\n$/,
    );
  });

  it('writes no memory to a terminal', async () => {
    const command = [process.execPath, MEMSCAN, 'dump', pid, '-o', '-', '--range', rangeOf(start, 16)];
    const child = spawn('script', ['-qec', command.join(' '), '/dev/null'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [code, output] = await ended(child);
    expect(code).toBe(2);
    expect(output).toContain('memory is not written to a terminal');
    expect(output).not.toContain(TEXT.slice(0, 16));
  });

  it('shows how far it is on a terminal', async () => {
    const command = [process.execPath, MEMSCAN, 'dump', pid, '-o', path];
    const child = spawn('script', ['-qec', `stty cols 120; ${command.join(' ')}`, '/dev/null'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [code, output] = await ended(child);
    expect(code).toBe(0);
    expect(output).toMatch(/█.* +\d+% +\d+\.\d GB\/s +\d+:\d\d left +of 25\d MiB/);
  });

  it('says nothing with --no-progress', async () => {
    const { stderr } = await memscan([
      'dump',
      pid,
      '-o',
      path,
      '--range',
      rangeOf(start, 16),
      '--no-progress',
    ]);
    expect(stderr).toBe('');
  });

  it('finds nothing where nothing is in memory', async () => {
    const range = rangeOf(start - BigInt(PAGE), PAGE);
    const { code, stderr } = await memscan(['dump', pid, '-o', path, '--range', range]);
    expect(code).toBe(1);
    expect(linesOf(stderr)[0]).toBe('memscan: there was nothing to write');
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, 'a good dump');
    expect((await memscan(['dump', pid, '-o', path, '--force', '--only', 'jit'])).code).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe('a good dump');
  });

  it.each(['-', 'a file'])('does not write a range that no file could hold, to %s', async (output) => {
    const to = output === '-' ? output : path;
    const outcome = await memscan(['dump', pid, '-o', to, '--range', '0-ffffffffffffffff']);
    expect([outcome.code, outcome.stdout]).toEqual([2, '']);
    expect(outcome.stderr).toContain('longer than a file may be');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replaces a file with --force alone', async () => {
    writeFileSync(path, 'old');
    const args = ['dump', pid, '-o', path, '--range', rangeOf(start, 24)];
    const { code, stderr } = await memscan(args);
    expect(code).toBe(2);
    expect(linesOf(stderr)).toEqual([
      `memscan: not written over ${path}: it exists`,
      'memscan: give another name, or --force to replace it',
    ]);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect((await memscan([...args, '--force'])).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
  });

  it.each([
    [[], 'no file to write to'],
    [['-o', 'x', '--format', 'elf'], 'bad --format: elf'],
    [['-o', 'x', '--format', 'raw'], 'a raw dump needs exactly one range'],
    [['-o', 'x', '--range', '0-1,2-3', '--format', 'raw'], 'a raw dump needs exactly one range'],
    [['-o', '-'], 'a core cannot be written to standard output'],
    [['-o', '/no/such/folder/x'], 'cannot write /no/such/folder/x: ENOENT'],
  ])('tells what is wrong with %j', async (args, message) => {
    const { code, stdout, stderr } = await memscan(['dump', pid, ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(linesOf(stderr)).toEqual([`memscan: ${message}`, expect.stringMatching(/^memscan: .+/)]);
  });

  it('makes cores of processes alone', async () => {
    writeFileSync(path, 'no process');
    const { code, stderr } = await memscan(['dump', path, '-o', `${path}.core`]);
    expect(code).toBe(2);
    expect(stderr).toContain('a core can be dumped only from a process');
    expect(readdirSync(folder)).toEqual(['dump']);
  });

  it('tells in its help that the process is not stopped', async () => {
    const { code, stdout } = await memscan(['dump', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/not\s+stopped:\s+pages\s+are\s+read\s+at\s+different\s+moments/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves nothing after %s', async (signal, expected) => {
    writeFileSync(path, 'old');
    for (const args of [
      ['-o', join(folder, 'new')],
      ['-o', path, '--force'],
    ]) {
      const child = spawn(process.execPath, [MEMSCAN, 'dump', pid, ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const over = ended(child);
      while (readdirSync(folder).length < 2) await setImmediate();
      child.kill(signal);
      const [code, output] = await over;
      expect([code, output]).toEqual([expected, 'memscan: interrupted: nothing was kept\n']);
      expect(readdirSync(folder)).toEqual(['dump']);
      expect(readFileSync(path, 'utf8')).toBe('old');
    }
  });

  it('keeps nothing of a process that ends meanwhile', async () => {
    const victim = await startPuppet();
    await victim.repeat(await victim.area(length), length, TEXT);
    const child = spawn(process.execPath, [MEMSCAN, 'dump', String(victim.pid), '-o', path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const over = ended(child);
    while (!existsSync(path)) await setImmediate();
    await victim.stop();
    const [code, output] = await over;
    expect(code).toBe(2);
    expect(output).toBe(
      `memscan: process ${victim.pid} ended during the dump, or became another program\n` +
        'memscan: nothing was kept; dump again what runs now\n',
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

async function ended(child: ChildProcess): Promise<[code: number | null, output: string]> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += String(data)));
  const [code] = (await once(child, 'close')) as [number | null];
  return [code, output];
}

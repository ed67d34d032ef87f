import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { linesOf, MEMSCAN, memscan } from '../fixtures/cli.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();

const TEXTS = [
  'first string of text',
  '第二个字符串，有未读消息',
  'tab\tand websocket',
  'hidden \u202eesrever\u200b text',
  '"quoted" back\\slash',
];
const sample = fileOf(folder, Buffer.from(TEXTS.map((text) => `\0${text}\0`).join('\x07')));

const json = (stdout: string): { text: string }[] =>
  linesOf(stdout).map((line) => JSON.parse(line) as { text: string });

describe('memscan FILE', () => {
  it('prints offset and text of every string, and a summary on stderr', async () => {
    const { code, stdout, stderr } = await memscan([sample]);
    expect(code).toBe(0);
    expect(linesOf(stdout)[0]).toBe(`0x00000001  ${TEXTS[0]}`);
    expect(linesOf(stdout)).toHaveLength(TEXTS.length);
    expect(stderr).toMatch(
      /^memscan: 5 strings in \d+ B scanned of \d+ B, \d+\.\d\d s, \d+(\.\d)? [MG]B\/s\n$/,
    );
  });

  it('escapes what shows nothing or turns text around', async () => {
    const { stdout } = await memscan([sample, '-g', 'hidden']);
    expect(stdout).toContain('hidden \\u{202e}esrever\\u{200b} text\n');
  });

  it('shows every other character as it is', async () => {
    const isHidden = (character: string): boolean =>
      /^\p{Cf}$/u.test(character) ||
      (/^\p{Default_Ignorable_Code_Point}$/u.test(character) && !/^\p{Variation_Selector}$/u.test(character));
    const characters = Array.from({ length: 0x110000 - 0xa0 }, (_, i) => String.fromCodePoint(0xa0 + i));
    const known = characters.filter((character) =>
      /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\p{Cf}]$/u.test(character),
    );
    const every = fileOf(
      folder,
      Buffer.from(known.map((character) => `${character}${character} it\0`).join('')),
    );
    const shown = known.map((character) => {
      const codePoint = character.codePointAt(0)!.toString(16);
      return `${(isHidden(character) ? `\\u{${codePoint}}` : character).repeat(2)} it`;
    });
    const { stdout } = await memscan([every, '-n', '3', '--no-address']);
    expect(linesOf(stdout).filter((line, i) => line !== shown[i])).toEqual([]);
    expect(linesOf(stdout)).toHaveLength(known.length);
  });

  it('prints JSON that holds the exact text, and no hidden character', async () => {
    const { stdout } = await memscan([sample, '--json']);
    expect(json(stdout).map(({ text }) => text)).toEqual(TEXTS);
    expect(stdout).not.toMatch(/\p{Cf}|\t/u);
    expect(json(stdout)[0]).toEqual({
      address: '0x1',
      length: 20,
      encoding: 'utf8',
      region: { start: '0x0', kind: 'file', pathname: sample },
      text: TEXTS[0],
    });
  });

  it('keeps strings that match', async () => {
    const texts = async (...args: string[]): Promise<string[]> =>
      json((await memscan([sample, '--json', ...args])).stdout).map(({ text }) => text);
    expect(await texts('-g', '未读消息')).toEqual([TEXTS[1]]);
    expect(await texts('-g', '^t.b')).toEqual([TEXTS[2]]);
    expect(await texts('-g', 'WEBSOCKET', '-i')).toEqual([TEXTS[2]]);
    expect(await texts('-F', '-g', 'back\\slash')).toEqual([TEXTS[4]]);
    expect(await texts('-g', '\\p{Script=Han}{4}')).toEqual([TEXTS[1]]);
  });

  it('says by its exit code whether anything was found', async () => {
    expect((await memscan([sample, '-g', 'nowhere'])).code).toBe(1);
    expect((await memscan([sample, '-g', 'nowhere', '--count'])).stdout).toBe('0\n');
  });

  it('counts', async () => {
    expect((await memscan([sample, '-c'])).stdout).toBe('5\n');
    expect((await memscan([sample, '-c', '-g', 'o'])).stdout).toBe('3\n');
    expect((await memscan([sample, '-c', '-g', '[ow]'])).stdout).toBe('3\n');
    expect((await memscan([sample, '-c', '--limit', '2'])).stdout).toBe('2\n');
  });

  it('stops after --limit strings', async () => {
    const { stdout, stderr } = await memscan([sample, '--limit', '2', '--no-address']);
    expect(linesOf(stdout)).toEqual(TEXTS.slice(0, 2));
    expect(stderr).toContain('2 strings');
    expect(linesOf((await memscan([sample, '--limit', '2', '-g', '[a-z]'])).stdout)).toHaveLength(2);
  });

  it('takes several ranges of offsets', async () => {
    const { stdout } = await memscan([
      sample,
      '--range',
      '0x1-0x15',
      '--range=18-1b',
      '-n',
      '1',
      '--no-address',
    ]);
    expect(linesOf(stdout)).toEqual([TEXTS[0], '第']);
  });

  it('finds ASCII alone on request', async () => {
    const { stdout } = await memscan([sample, '--encoding', 'ascii', '-n', '8', '--no-address']);
    expect(linesOf(stdout)).toEqual(
      [TEXTS[0], TEXTS[2], 'esrever', TEXTS[4]].filter((text) => text!.length >= 8),
    );
  });

  it('is done soon with an expression that backtracks without end', async () => {
    const hostile = fileOf(folder, Buffer.from(`${'a'.repeat(50_000)}!`));
    const started = performance.now();
    expect((await memscan([hostile, '-g', '(a+)+$', '--count'])).stdout).toBe('0\n');
    expect((await memscan([hostile, '-g', '(A+)+!', '-i', '--count'])).stdout).toBe('1\n');
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('shows of a long string what --max-length allows, the match in view', async () => {
    const long = fileOf(folder, Buffer.from(`${'x'.repeat(6000)}needle${'y'.repeat(6000)}`));
    const shown = async (...args: string[]): Promise<{ text: string; length: number; truncated?: boolean }> =>
      JSON.parse((await memscan([long, '--json', ...args])).stdout) as { text: string; length: number };
    expect((await shown()).text).toBe('x'.repeat(4096));
    const { text, length, truncated } = await shown('-g', 'needle', '--max-length', '20');
    expect([text, length, truncated]).toEqual(['xxxxxxxneedleyyyyyyy', 12_006, true]);
    expect(await shown('-g', 'n[e]+dle', '--max-length', '20')).toMatchObject({ text, length, truncated });
    expect(await shown('--max-length', '0')).not.toHaveProperty('truncated');
    expect((await memscan([long, '--max-length', '3', '-g', 'needle'])).stdout).toBe('0x00000000  …nee…\n');
    expect((await memscan([long, '--no-address'])).stdout).toHaveLength(12_007);
  });

  it('highlights matches when asked to', async () => {
    const { stdout } = await memscan([sample, '-g', 'str', '--color', 'always', '--limit', '1']);
    expect(stdout).toBe('\x1b[32m0x00000001\x1b[0m  first \x1b[1;31mstr\x1b[0ming of text\n');
    const regexp = await memscan([sample, '-g', 's.r', '--color', 'always', '--limit', '1']);
    expect(regexp.stdout).toBe(stdout);
    const plain = '0x00000001  first string of text\n';
    for (const color of [[], ['--color', 'never']])
      expect((await memscan([sample, '-g', 'str', '--limit', '1', ...color])).stdout).toBe(plain);
  });

  it('is silent on stderr with --no-progress', async () => {
    expect((await memscan([sample, '--no-progress'])).stderr).toBe('');
  });
});

describe('mistakes', () => {
  it.each([
    [[], 'no target given'],
    [['99999999'], 'no such process: 99999999'],
    [['2'], 'process 2 has no memory to scan: it is a kernel thread'],
    [['/no/such/file'], 'no such file: /no/such/file'],
    [['/tmp'], 'not a regular file: /tmp'],
    [[sample, '-g', 'a('], 'bad pattern at character 3: unterminated group: a('],
    [[sample, '--min', '0'], 'bad --min: 0'],
    [[sample, '--min', 'ten'], 'bad --min: ten'],
    [[sample, '--limit', '-1'], 'bad --limit: -1'],
    [[sample, '--limit', '1.5'], 'bad --limit: 1.5'],
    [[sample, '--max-length', 'x'], 'bad --max-length: x'],
    [[sample, '--jobs', '0'], 'bad --jobs: 0'],
    [[sample, '--range', 'f-1'], 'bad --range: f-1'],
    [[sample, '--range', 'here'], 'bad --range: here'],
    [[sample, '--encoding', 'ebcdic'], 'unknown encoding: ebcdic'],
    [[sample, '--encoding', 'all,ebcdic'], 'unknown encoding: ebcdic'],
    [[sample, '--encoding', ''], 'no encoding given'],
    [[sample, '--color', 'blue'], 'bad --color: blue'],
    [[sample, '--nonsense'], 'unknown option: --nonsense'],
    [[sample, 'another'], 'one target at a time, but there is also: another'],
    [[sample, '--grep'], 'there is no value for: --grep'],
    [[sample, '--no-color'], 'unknown option: --no-color'],
    [[sample, '--grep.a', 'b'], 'unknown option: --grep.a'],
    [[sample, '--json=1'], '--json takes no value: 1'],
    [[sample, '-ic=yes', '-g', 'text'], '-ic takes no value: yes'],
    [['topp', sample], 'no such command or file: topp'],
    [['/proc/cpuinfo'], 'not a regular file: /proc/cpuinfo'],
    [['/proc/self/mem'], 'not a regular file: /proc/self/mem'],
    [['/no/\x1b[31mred'], 'no such file: /no/\\u{1b}[31mred'],
  ])('memscan %j is told in one line, with one line of advice', async (args, message) => {
    const { code, stdout, stderr } = await memscan(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(linesOf(stderr)).toEqual([`memscan: ${message}`, expect.stringMatching(/^memscan: .+/)]);
  });

  it('are not made by true and false', async () => {
    const { stdout } = await memscan([sample, '-g', 'string', '--json=false', '-i=true', '--count']);
    expect(stdout).toBe('1\n');
  });

  it('are told when there is no room for the output', async () => {
    const child = spawn('bash', ['-c', '"$0" "$1" "$2" > /dev/full', process.execPath, MEMSCAN, sample], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (data) => (stderr += String(data)));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(2);
    expect(stderr).toContain('memscan: cannot write to standard output: ENOSPC\n');
  });

  it('do not open what is no file: a FIFO would wait for its writer', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect((await memscan([fifo])).stderr).toContain(`not a regular file: ${fifo}`);
  });

  it('name an unknown kernel', async () => {
    const { code, stderr } = await memscan([sample], { MEMSCAN_KERNEL: 'mmx' });
    expect(code).toBe(2);
    expect(stderr).toContain("MEMSCAN_KERNEL: no kernel 'mmx' runs here\nmemscan: one of: ");
  });
});

describe('help and version', () => {
  it('are printed to stdout', async () => {
    const help = await memscan(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toMatch(/^memscan <target> \[options\] /);
    expect((await memscan(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('memscan PID', () => {
  const service = spawn(process.execPath, [join(import.meta.dirname, '../../demo/leak.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const pid = String(service.pid);
  beforeAll(() => once(createInterface({ input: service.stdout }), 'line'));
  afterAll(() => void service.kill('SIGKILL'));

  it('finds the messages a Node service keeps outside its heap', async () => {
    const { code, stdout, stderr } = await memscan([pid, '--min', '10', '--grep', 'websocket', '--json']);
    expect(code).toBe(0);
    const users = new Set(
      json(stdout).map(
        ({ text }) => /"channel":"websocket","userId":(\d+),.*您有新的未读消息"}\]/.exec(text)?.[1],
      ),
    );
    for (let i = 0; i < 200_000; i++)
      if (!users.has(String(100_000 + i))) expect(users).toContain(String(100_000 + i));
    expect(stderr).toMatch(/strings in [\d.]+ MiB scanned of [\d.]+ MiB resident/);
    expect(stderr).toMatch(/left out: [\d.]+ \w+ not resident, .*file-backed/);
  });

  it('ends quietly when its reader has enough', async () => {
    const script = `"$0" "$1" "$2" | head -n 3; echo "codes \${PIPESTATUS[*]}"`;
    const shell = spawn('bash', ['-c', script, process.execPath, MEMSCAN, pid], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    shell.stdout.on('data', (data) => (stdout += String(data)));
    shell.stderr.on('data', (data) => (stderr += String(data)));
    await once(shell, 'close');
    expect(linesOf(stdout)).toHaveLength(4);
    expect(linesOf(stdout)[3]).toBe('codes 0 0');
    expect(stderr).toBe('');
  });

  it('stops on Ctrl-C with a summary and 130, though nobody reads its output', async () => {
    const child = spawn(process.execPath, [MEMSCAN, pid], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (data) => (stderr += String(data)));
    const closed = once(child.stderr, 'close');
    // One piece of output, then no more reading: the scan stands still with a full pipe.
    await once(child.stdout, 'readable');
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(130);
    await closed;
    expect(stderr).toMatch(
      /^memscan: [\d,]+ strings in .* scanned of .*\nmemscan: left out: .* not reached\n$/,
    );
  });

  it('exits with 130 on Ctrl-C, though a regular expression takes for ever', async () => {
    const endless = fileOf(folder, Buffer.from(`${'a'.repeat(60)}!`));
    const child = spawn(process.execPath, [MEMSCAN, endless, '-g', '(?<!b)(a+)+$'], { stdio: 'ignore' });
    const asking = setInterval(() => child.kill('SIGINT'), 1000);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearInterval(asking);
    expect(code).toBe(130);
  });
});

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';

import { linesOf, MEMSCAN, memscan } from '../fixtures/cli.ts';
import { compile } from '../fixtures/compile.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';
import { startTarget } from '../fixtures/process.ts';

const folder = temporaryFolder();

const iconv = (input: string): Buffer => execFileSync('iconv', ['-f', 'utf8', '-t', 'gb18030'], { input });

const text = (...lines: string[]): string =>
  fileOf(folder, Buffer.from(lines.map((line) => `${line}\0`).join('')));

const PUSHES = Array.from(
  { length: 900 },
  (_, i) => `42["push",{"userId":${i},"unread":${i % 7},"text":"您有未读"}]`,
);
const REPEATS = Array.from({ length: 100 }, () => 'the same line again and again');

describe('memscan top', () => {
  it('tells totals, then families, widest first', async () => {
    const { code, stdout, stderr } = await memscan(['top', text(...PUSHES, ...REPEATS)]);
    const lines = linesOf(stdout);
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^file .*, [\d.]+ KiB scanned; 1,000 strings of [\d.]+ KiB$/);
    expect(lines[1]).toBe('pages: text 100.0 %');
    expect(stdout).toMatch(/^ +9\d\.\d %  42\["push",\{"userId":<n>,"unread":<n>,"text":"您有未读"\}\]$/m);
    expect(stdout).toContain('×100 identical');
    expect(stderr).toMatch(/^memscan: 1,000 strings in/);
  });

  it('has three lines a family at most, which fit the terminal', async () => {
    const long = Array.from({ length: 50 }, (_, i) => `{"id":${i},${'"名字":"值",'.repeat(20)}"end":${i}}`);
    const { stdout } = await memscan(['top', text(...long), '--no-progress']);
    for (const line of linesOf(stdout)) expect(stringWidth(line)).toBeLessThanOrEqual(120);
    expect(linesOf(stdout).filter((line) => line !== '').length).toBeLessThanOrEqual(3 + 3);
  });

  it('prints JSON: the target, then families', async () => {
    const { stdout } = await memscan(['top', text(...PUSHES, ...REPEATS), '--json', '--no-progress']);
    const [head, first, second] = linesOf(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(head).toMatchObject({ type: 'file', text: { strings: 1000 } });
    expect(first).toMatchObject({ type: 'family', strings: 900, error: 0, encodings: ['utf8'] });
    expect(second).toMatchObject({
      strings: 100,
      distinct: 1,
      shape: REPEATS[0],
      places: [{ kind: 'file' }],
    });
    expect((first!['samples'] as { address: string }[])[0]!.address).toMatch(/^0x[0-9a-f]+$/);
  });

  it('orders by count, and shows as many as asked for', async () => {
    const path = text(...Array<string>(20).fill('short text'), 'one long text '.repeat(100));
    const { stdout } = await memscan([
      'top',
      path,
      '--json',
      '--by',
      'count',
      '--limit',
      '1',
      '--no-progress',
    ]);
    expect(linesOf(stdout).map((line) => (JSON.parse(line) as { shape?: string }).shape)).toEqual([
      undefined,
      'short text',
    ]);
  });

  it('tells families of matching strings', async () => {
    const path = text(...PUSHES, ...REPEATS);
    for (const grep of [
      ['--grep', 'again$'],
      ['-F', '-g', 'SAME', '-i'],
    ]) {
      const { stdout } = await memscan(['top', path, '--json', '--no-progress', ...grep]);
      expect(linesOf(stdout).length).toBe(2);
      expect(stdout).toContain('"strings":100');
    }
    expect((await memscan(['top', path, '--grep', 'nothing like it'])).code).toBe(1);
  });

  it('masks secrets that were looked for, in samples and shapes', async () => {
    const token = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOi${'IxMjM0NTY3ODkw'.repeat(20)}.dozjgNryP4J3jVmNHl0w5N`;
    const card = '4111 1111 1111 1111';
    // One has its secret where samples are cut.
    const cut = `${'x y '.repeat(44)}card ${card}`;
    const path = text(`token ${token}`, `token ${token}`, `card ${card}`, `card ${card} again`, cut);
    const find = ['top', path, '--find', 'jwt,credit-card', '--no-progress'];
    for (const json of [[], ['--json']]) {
      const { stdout } = await memscan([...find, ...json]);
      expect(stdout).toContain('token eyJh****');
      expect(stdout).toContain('card 4111 1*');
      expect(stdout).not.toMatch(/eyJhb|zdWIi|MjM0|1111 111/);
      const shown = await memscan([...find, ...json, '--show-secrets']);
      expect(shown.stdout).toContain('token eyJhbGciOiJIUzI1NiJ9.');
      expect(shown.stdout).toContain(`card ${card}`);
    }
  });

  it('masks in shapes what all secrets of a family have in common', async () => {
    const cards = ['4111 1111 1111 1111', '4111 1111 1111 1129', '4111 1111 1111 1137'];
    const path = text(...cards.map((card) => `the card ${card} was charged`));
    const find = ['top', path, '--find', 'credit-card', '--no-progress'];
    for (const json of [[], ['--json']]) {
      const { stdout } = await memscan([...find, ...json]);
      expect(stdout).toContain('the card 4111 1*********<n> was charged');
      expect(stdout).not.toContain('1111 1');
      expect((await memscan([...find, ...json, '--show-secrets'])).stdout).toContain('4111 1111 1111 <n>');
    }
  });

  it.each([37, 58])(
    'masks secrets that are cut behind %i characters of an encoding shorter than UTF-8',
    async (count) => {
      const path = fileOf(folder, iconv(`${'您有未读'.repeat(20).slice(0, count)} card 4111 1111 1111 1111`));
      const { stdout } = await memscan(['top', path, '--find', 'credit-card', '--encoding', 'gb18030']);
      expect(stdout).toContain('card 4111');
      expect(stdout).not.toMatch(/4111 11|1111 1/);
    },
  );

  it('lets nothing hostile through to the terminal', async () => {
    const { stdout } = await memscan(['top', text('an \u202eevil\u202c text, shown'), '--no-progress']);
    expect(stdout).toContain('\\u{202e}evil');
    expect(stdout).toMatch(/scanned; 1 string of [\d.]+ B$/m);
    expect(stdout).not.toContain('\u202e');
  });

  it('tells of other encodings, and leads to UTF-16 where there is much of it', async () => {
    const lines = PUSHES.map((line) => Buffer.from(`${line}\0`, 'utf16le'));
    const path = fileOf(folder, Buffer.concat([...lines, Buffer.from(REPEATS.join('\0'))]));
    const plain = await memscan(['top', path]);
    expect(plain.stderr).toMatch(
      /^memscan: about 9\d % of the memory is text in UTF-16, .*--encoding utf8,utf16le\nmemscan: [\d,]+ strings/,
    );
    const { stdout, stderr } = await memscan(['top', path, '--encoding', 'utf8,utf16le']);
    expect(stdout).toMatch(/^ +[\d.]+ KiB of utf16le: 900 strings, ≈\d+ different; file$/m);
    expect(stdout).toContain('×100 identical');
    expect(stderr).not.toContain('UTF-16');
    const shown = linesOf((await memscan(['top', path, '--encoding', 'all', '--json'])).stdout);
    expect(JSON.parse(shown[1]!)).toMatchObject({
      shape: '42["push",{"userId":<n>,"unread":<n>,"text":"您有未读"}]',
      encodings: ['utf16le'],
      samples: [{ encoding: 'utf16le' }, { encoding: 'utf16le' }, { encoding: 'utf16le' }],
    });
    expect((await memscan(['top', path, '--no-progress'])).stderr).toBe('');
    expect((await memscan(['top', text(...PUSHES)])).stderr).not.toContain('UTF-16');
  });

  it('says what is wrong', async () => {
    const { code, stderr } = await memscan(['top', text('x'), '--by', 'size']);
    expect(code).toBe(2);
    expect(stderr).toBe('memscan: bad --by: size\nmemscan: one of: bytes, count, growth\n');
    const unknown = await memscan(['top', text('x'), '--encoding', 'utf8,ebcdic']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('unknown encoding: ebcdic');
  });

  it.each([
    [['--exact', '--sample'], '--exact and --sample do not go together'],
    [['--sample', '--grep', 'x'], '--sample does not support patterns'],
    [['--sample', '--find', 'url'], '--sample does not support patterns'],
    [['--sample', '--min', '5000'], 'bad --min with --sample: 5000'],
  ])('says what is wrong: %j', async (args, message) => {
    const { code, stdout, stderr } = await memscan(['top', text('x'), ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(linesOf(stderr)[0]).toBe(`memscan: ${message}`);
    expect(linesOf(stderr)).toHaveLength(2);
  });

  it('tells of a process where families lie', async () => {
    const { pid } = await startTarget(compile('leak'), ['websocket']);
    const { stdout } = await memscan(['top', String(pid), '--only', 'heap', '--limit', '1']);
    expect(stdout).toMatch(/^ +9\d\.\d %|100\.0 %  42\["push"/m);
    expect(stdout).toMatch(/[\d.]+ MiB: .* different; heap; blocks ≈[\d.]+ MiB$/m);
  });
});

describe('memscan top by a sample', () => {
  /** More than is scanned at once. */
  const LEAK = ['-m', '80', 'websocket', 'request'];

  it('tells shares with what they may be off by', async () => {
    const { pid } = await startTarget(compile('leak'), LEAK);
    const { code, stdout, stderr } = await memscan(['top', String(pid), '--sample', '--limit', '2']);
    expect(code).toBe(0);
    const lines = linesOf(stdout);
    expect(lines[0]).toMatch(
      /^process \d+ \(leak\): .* resident, a sample of 32 MiB; ≈[\d,]+ strings of ≈[\d.]+ MiB$/,
    );
    expect(lines[1]).toMatch(/^pages: text \d+\.\d % ± \d\.\d/);
    expect(stdout).toMatch(/^ +6\d\.\d % ± [01]\.\d {2}42\["push"/m);
    expect(stdout).toMatch(/^ +≈[\d.]+ MiB: ≈[\d,]+ strings; heap/m);
    expect(stdout).not.toMatch(/different|identical/);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(120);
    expect(stderr).toMatch(/^memscan: [\d,]+ strings in 32 MiB scanned of/);
  });

  it('tells intervals, and its seed, in JSON', async () => {
    const { pid } = await startTarget(compile('leak'), LEAK);
    const { stdout } = await memscan(['top', String(pid), '--sample', '--json', '--no-progress']);
    const [head, first] = linesOf(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
    const pair = [expect.any(Number), expect.any(Number)];
    expect(head).toMatchObject({
      type: 'process',
      sample: { seed: expect.any(Number), memory: expect.any(Number), isExact: false },
      text: { bytes: expect.any(Number), bytesInterval: pair },
      classIntervals: { text: pair },
    });
    expect(first).toMatchObject({ type: 'family', bytesInterval: pair, shareInterval: pair });
    const [low, high] = first!['shareInterval'] as [number, number];
    expect(low).toBeLessThan(first!['share'] as number);
    expect(high).toBeGreaterThan(first!['share'] as number);
    expect(first).not.toHaveProperty('distinct');
  });

  it('of little memory is exact', async () => {
    const path = text(...PUSHES, ...REPEATS);
    const [sample, exact] = await Promise.all([memscan(['top', path, '--sample']), memscan(['top', path])]);
    expect(sample.stdout).toBe(exact.stdout);
    const { stdout } = await memscan(['top', path, '--sample', '--json', '--no-progress']);
    expect(stdout).toContain('"isExact":true');
  });
});

describe('memscan top on a terminal', () => {
  const LEAK = ['-m', '80', 'websocket', 'request'];

  /** All that reaches a terminal with so many rows, and columns, escape characters as ESC, then the exit code. `onText` is told what came until then. */
  async function onTerminal(
    rows: number,
    args: readonly string[],
    onText: (shown: string, type: (keys: string) => void) => void = () => {},
    columns = 100,
  ): Promise<string> {
    const command = [process.execPath, MEMSCAN, 'top', ...args].join(' ');
    const child = spawn(
      'script',
      ['-qec', `stty cols ${columns} rows ${rows}; exec ${command}`, '/dev/null'],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    let shown = '';
    child.stdout.on('data', (data: Buffer) => {
      shown += data.toString();
      onText(shown, (keys) => child.stdin.write(keys));
    });
    const [code] = (await once(child, 'close')) as [number];
    return `${shown.replaceAll('\r\n', '\n').replaceAll('\x1b', 'ESC')}code ${code}\n`;
  }

  /** What was shown first, the rows by which the cursor went up, and what took its place. */
  function replaced(shown: string) {
    const [, first, rows, last] = /^([^]*?)\rESC\[(\d+)AESC\[J([^]*)$/.exec(shown)!;
    return { first: linesOf(first!.replaceAll('\rESC[K', '')), rows: Number(rows), last: last! };
  }

  it('begins with a sample and puts the exact answer in its place', async () => {
    const { pid } = await startTarget(compile('leak'), LEAK);
    const { first, rows, last } = replaced(
      await onTerminal(40, [String(pid), '--no-progress', '--limit', '3']),
    );
    expect(first).toHaveLength(rows);
    expect(first[1]).toMatch(/^a sample until the exact answer is here; ±/);
    expect(first.join('\n')).toMatch(/% ± \d\.\d {2}ESC\[1m42\["push"/);
    for (const line of first) {
      expect(stringWidth(line.replaceAll(/ESC\[\d*m/g, ''))).toBeLessThanOrEqual(100);
    }
    expect(last).toMatch(/MiB scanned; [\d,]+ strings of/);
    expect(last).toMatch(/different; heap/);
    expect(last).not.toContain('±');
    expect(last).toContain('code 0');
  });

  it.each([0, 39])('is exact at once where lines may not fit: %i columns', async (columns) => {
    const { pid } = await startTarget(compile('leak'), LEAK);
    const shown = await onTerminal(40, [String(pid), '--no-progress'], undefined, columns);
    expect(shown).not.toMatch(/±|ESC\[\d+A/);
    expect(shown).toMatch(/MiB scanned; ?\s+[\d,]+ strings of [\d.]+ MiB$/m);
  });

  it.each([40, 80])('tells how many strings there are on %i columns', async (columns) => {
    const { pid } = await startTarget(compile('leak'), LEAK);
    const shown = await onTerminal(40, [String(pid), '--no-progress', '--limit', '1'], undefined, columns);
    const { first, last } = replaced(shown);
    expect(first.join('\n')).toMatch(/^ +≈[\d.]+ MiB: ≈[\d,]+ strings/m);
    expect(last).toMatch(/^ +[\d.]+ MiB: [\d,]+ strings, .*$/m);
    expect(last).toMatch(/scanned;\n {2}[\d,]+ strings of [\d.]+ MiB$/m);
  });

  it.each([40, 80])('tells what it did in lines that fit %i columns', async (columns) => {
    const { pid } = await startTarget(compile('leak'), LEAK);
    const args = [String(pid), '--exact', '--limit', '1'];
    const shown = await onTerminal(40, args, undefined, columns);
    const told = shown.slice(shown.lastIndexOf('memscan: ', shown.indexOf('memscan: left out') - 1));
    expect(told.replaceAll('\n  ', ' ')).toMatch(
      /^memscan: [\d,]+ strings in [^]* [GM]B\/s\nmemscan: left out: .*\ncode 0\n$/,
    );
    for (const line of linesOf(told)) expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('shows no more first than the screen holds', async () => {
    const { pid } = await startTarget(compile('leak'), LEAK);
    const { first, rows, last } = replaced(await onTerminal(8, [String(pid), '--no-progress']));
    expect(rows).toBe(6);
    expect(first).toHaveLength(6);
    expect(first.at(-1)).toBe('…');
    expect(last).toContain('GET /api');
  });

  it('leaves the sample where Ctrl-C stops it', async () => {
    const { pid } = await startTarget(compile('leak'), LEAK);
    let isStopped = false;
    const shown = await onTerminal(40, [String(pid), '--limit', '1', '--max-rate', '60M'], (text, type) => {
      if (isStopped || !text.includes('a sample until') || !text.includes('other: ')) return;
      isStopped = true;
      type('\x03');
    });
    expect(shown).toMatch(/% ± /);
    expect(shown).not.toMatch(/ESC\[\d+A/);
    expect(shown).not.toContain('different');
    expect(shown).toContain('not reached');
    expect(shown).toMatch(/code 130\n$/);
  });

  it.each([
    [['--exact'], LEAK],
    [[], ['websocket']],
    [['--grep', 'push'], LEAK],
  ])(
    'is exact at once where that is asked for, takes no time, or is all that can be: %j',
    async (args, leak) => {
      const { pid } = await startTarget(compile('leak'), leak);
      const shown = await onTerminal(40, [String(pid), '--no-progress', '--limit', '1', ...args]);
      expect(shown).not.toMatch(/±|ESC\[\d+A/);
      expect(shown).toContain('different');
    },
  );
});

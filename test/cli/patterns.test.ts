import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countStrings, openTarget } from '../../src/index.ts';
import { linesOf, MEMSCAN, memscan } from '../fixtures/cli.ts';
import { fileOf, memory, seededBytes, temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();

const TEXTS = [
  'first string of text',
  '一条未读消息 and websocket',
  'unread: user_1 websocket',
  'nothing at all',
];
const sample = fileOf(folder, Buffer.from(TEXTS.map((text) => `\0${text}\0`).join('\x07')));

const texts = async (...args: string[]): Promise<string[]> =>
  linesOf((await memscan([sample, '--no-address', '--no-progress', ...args])).stdout);

interface JsonLine {
  readonly address: string;
  readonly length: number;
  readonly text: string;
  readonly patterns?: readonly string[];
  readonly masked?: boolean;
  readonly context?: { readonly before: string; readonly after: string };
}

const json = async (...args: string[]): Promise<JsonLine[]> =>
  linesOf((await memscan([...args, '--json', '--no-progress'])).stdout).map(
    (line) => JSON.parse(line) as JsonLine,
  );

const patternFile = (text: string): string => fileOf(folder, Buffer.from(text));

describe('several patterns', () => {
  it('keep strings that any of them matches, all of them, or none', async () => {
    const both = ['-g', 'websocket', '-g', '^unread'];
    expect(await texts(...both)).toEqual([TEXTS[1], TEXTS[2]]);
    expect(await texts(...both, '--all-of')).toEqual([TEXTS[2]]);
    expect(await texts(...both, '--invert')).toEqual([TEXTS[0], TEXTS[3]]);
    expect(await texts('-v', '-F', '-g', 'websocket', '-c')).toEqual(['2']);
  });

  it('come from files, without comments and blank lines', async () => {
    const file = patternFile('# a comment\n\n  \t\nunread\r\n[#]x\nfirst');
    expect(await texts('--grep-file', file)).toEqual([TEXTS[0], TEXTS[2]]);
    expect(await texts('--grep-file', file, '-g', 'nothing')).toEqual([TEXTS[0], TEXTS[2], TEXTS[3]]);
  });

  it('come from standard input', () => {
    const args = [MEMSCAN, sample, '--grep-file', '-', '--no-address', '--no-progress'];
    const { stdout } = spawnSync(process.execPath, args, { input: 'first\nnothing\n', encoding: 'utf8' });
    expect(linesOf(stdout)).toEqual([TEXTS[0], TEXTS[3]]);
  });

  it('are whole words on request', async () => {
    expect(await texts('-w', '-g', 'user')).toEqual([]);
    expect(await texts('-w', '-g', 'user_1', '-g', 'string')).toEqual([TEXTS[0], TEXTS[2]]);
  });

  it('are told in JSON', async () => {
    const lines = await json(sample, '-g', 'websocket', '-g', 'unread|未读');
    expect(lines.map(({ patterns }) => patterns)).toEqual([
      ['websocket', 'unread|未读'],
      ['websocket', 'unread|未读'],
    ]);
    expect((await json(sample, '-g', 'websocket'))[0]).not.toHaveProperty('patterns');
  });

  it('are all highlighted', async () => {
    const shown = await texts('-g', 'unread', '-g', 'WEBSOCKET', '-i', '-g', 'user_\\d', '--color', 'always');
    const red = (text: string): string => `\x1b[1;31m${text}\x1b[0m`;
    expect(shown[1]).toBe(`${red('unread')}: ${red('user_1')} ${red('websocket')}`);
  });

  it('a thousand from a file are found as one by one', async () => {
    const words = Array.from({ length: 1000 }, (_, i) => `word-${7 * i + 1000}`);
    const strings = Array.from({ length: 3000 }, (_, i) => `this is word-${i + 1000}, one of them`);
    const target = fileOf(folder, Buffer.from(strings.join('\0')));
    const file = patternFile(words.join('\n'));
    const expected = strings.filter((text) => words.some((word) => text.includes(word)));
    for (const conditions of ['on', 'off']) {
      const run = (...args: string[]) =>
        memscan([target, '-F', '--grep-file', file, '--no-address', ...args], {
          MEMSCAN_CONDITIONS: conditions,
        });
      expect(linesOf((await run()).stdout)).toEqual(expected);
      expect((await run('-c')).stdout).toBe(`${expected.length}\n`);
      expect((await run('-c', '-v')).stdout).toBe(`${strings.length - expected.length}\n`);
    }
  });

  it('keep the first match of a long string in view, whichever way it was found', async () => {
    const long = (match: string): string => `${'x'.repeat(6000)}${match}${'y'.repeat(6000)}`;
    const target = fileOf(folder, Buffer.from(['foobar', 'bar', 'Foo'].map(long).join('\0')));
    const args = [
      target,
      '-i',
      '-g',
      'foobar',
      '-g',
      'bar',
      '-g',
      'foo',
      '--max-length',
      '20',
      '--no-progress',
    ];
    const native = await memscan(args);
    expect(linesOf(native.stdout).map((line) => /x([^x]*?)y/.exec(line)?.[1])).toEqual([
      'foobar',
      'bar',
      'Foo',
    ]);
    expect((await memscan(args, { MEMSCAN_CONDITIONS: 'off' })).stdout).toBe(native.stdout);
  });
});

describe('--only-matching', () => {
  it('prints each match with its own address and length', async () => {
    const lines = await json(sample, '-o', '-g', '未读消息', '-g', 'web', '-g', 'user_\\d');
    const start = (index: number): number =>
      TEXTS.slice(0, index).reduce((sum, text) => sum + Buffer.byteLength(text) + 3, 1);
    const at = (index: number, text: string): object => {
      const before = TEXTS[index]!.slice(0, TEXTS[index]!.indexOf(text));
      const address = `0x${(start(index) + Buffer.byteLength(before)).toString(16)}`;
      return { address, length: Buffer.byteLength(text), text };
    };
    expect(lines).toMatchObject([at(1, '未读消息'), at(1, 'web'), at(2, 'user_1'), at(2, 'web')]);
  });

  it('counts strings all the same', async () => {
    expect(await texts('-o', '-g', 't', '-c')).toEqual(['4']);
    const { stdout, stderr } = await memscan([sample, '-o', '-g', 't', '--limit', '1', '--no-address']);
    expect(linesOf(stdout)).toEqual(['t', 't', 't', 't']);
    expect(stderr).toContain('1 string in');
  });

  it('finds what ripgrep finds', async ({ skip }) => {
    skip(spawnSync('rg', ['--version']).status !== 0, 'ripgrep is not installed');
    const bytes = Buffer.concat([
      seededBytes(200_000, 11).map((byte) => (byte === 0x0d ? 0 : byte)),
      Buffer.from('user_id=1234 and deadbeefdeadbeef, foo@example.com\0'.repeat(20)),
      seededBytes(50_000, 7),
    ]);
    const target = fileOf(folder, bytes);
    for (const pattern of ['[0-9a-f]{4,}', 'user_id=\\d+', 'ab', '[A-Za-z]{5}', '\\d+[a-z]']) {
      const args = [
        '-a',
        '-b',
        '-o',
        '--no-filename',
        '--no-line-number',
        '--no-unicode',
        '-e',
        pattern,
        target,
      ];
      const expected = linesOf(execFileSync('rg', args, { encoding: 'latin1' }));
      const found = await json(target, '-o', '-n', '1', '--encoding', 'ascii', '-g', pattern);
      expect(found.map(({ address, text }) => `${Number(address)}:${text}`)).toEqual(expected);
    }
  });
});

describe('--counts', () => {
  it('tells of each pattern hits, strings, bytes and regions', async () => {
    const args = [sample, '-g', 'e', '-g', '未读', '-g', 'absent', '--counts'];
    const { code, stdout, stderr } = await memscan(args);
    expect(code).toBe(0);
    expect(linesOf(stdout).map((line) => line.split(/ +/))).toEqual([
      ['PATTERN', 'HITS', 'STRINGS', 'BYTES', 'REGIONS'],
      ['e', '7', '3', '7', '1'],
      ['未读', '1', '1', '6', '1'],
      ['absent', '0', '0', '0', '0'],
    ]);
    expect(stderr).toMatch(/^memscan: 3 strings in [^\n]*\n$/);
    expect(
      linesOf((await memscan([...args, '--json'])).stdout).map((line) => JSON.parse(line) as object),
    ).toEqual([
      { pattern: 'e', hits: 7, strings: 3, bytes: 7, regions: 1 },
      { pattern: '未读', hits: 1, strings: 1, bytes: 6, regions: 1 },
      { pattern: 'absent', hits: 0, strings: 0, bytes: 0, regions: 0 },
    ]);
  });

  it('are the same with any chunks, and end a run with several patterns', async () => {
    const { stdout } = await memscan([sample, '-g', 'e', '-g', 'web', '--counts']);
    const lines = await memscan([sample, '-g', 'e', '-g', 'web']);
    expect(lines.stderr.startsWith(stdout)).toBe(true);
    expect((await memscan([sample, '-g', 'e', '-g', 'web', '--no-progress'])).stderr).toBe('');
    expect((await memscan([sample, '-g', 'e'])).stderr).not.toContain('PATTERN');
    const count = await memscan([sample, '-g', 'e', '-g', 'web', '-c']);
    expect(count.stdout).toBe('3\n');
    expect(count.stderr.startsWith(stdout)).toBe(true);
  });

  it('say by the exit code whether there were any', async () => {
    expect((await memscan([sample, '-g', 'absent', '--counts'])).code).toBe(1);
  });
});

describe('memory around a hit', () => {
  const bytes = seededBytes(3000, 5);
  bytes.write('\0some needle in text\0', 1000);
  const target = fileOf(folder, bytes);
  const at = 1006;

  it('is shown as 16 bytes a line, as xxd has them', async () => {
    const { stdout } = await memscan([
      target,
      '-g',
      'needle',
      '-o',
      '-B',
      '40',
      '-A',
      '30',
      '--hexdump',
      '-n',
      '6',
    ]);
    const [hit, ...rows] = linesOf(stdout);
    expect(hit).toBe('0x000003ee  needle');
    expect(rows).toEqual(xxd(bytes, at - 40, at + 6 + 30, 16, true));
  });

  it('is shown as text with dots', async () => {
    const { stdout } = await memscan([target, '-g', 'needle', '-C', '0.1K', '-n', '6']);
    expect(linesOf(stdout).slice(1)).toEqual(xxd(bytes, at - 103, at + 6 + 103, 64, false));
  });

  it('is told in JSON as hexadecimal digits', async () => {
    const [line] = await json(target, '-g', 'needle', '-B', '4', '-A', '2000', '-n', '6');
    expect(line!.context).toEqual({
      before: bytes.toString('hex', at - 4, at),
      after: bytes.toString('hex', at + 6, 3000),
    });
  });

  it('is that around the string where there is no pattern', async () => {
    const plain = fileOf(folder, Buffer.from('\x01\x02\x03just a string\x04\x05'));
    const [line] = await json(plain, '-C', '2');
    expect(line!.context).toEqual({ before: '0203', after: '0405' });
  });

  it('is that of any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(memory, fc.nat(300), fc.nat(300), async (around, before, after) => {
        const all = Buffer.concat([around, Buffer.from('\0the needle\0'), around]);
        const [line] = await json(
          fileOf(folder, all),
          '-g',
          'the needle',
          '-B',
          `${before}`,
          '-A',
          `${after}`,
        );
        const begin = all.indexOf('the needle');
        expect(line!.context!.before).toBe(all.toString('hex', Math.max(0, begin - before), begin));
        expect(line!.context!.after).toBe(all.toString('hex', begin + 10, begin + 10 + after));
      }),
      { numRuns: 15 },
    );
  });
});

/** Written apart from the code under test. */
function xxd(bytes: Buffer, from: number, to: number, width: number, asHex: boolean): string[] {
  const rows: string[] = [];
  for (let at = from; at < to; at += width) {
    const row = [...bytes.subarray(at, Math.min(at + width, to))];
    const text = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    rows.push(
      `    0x${at.toString(16).padStart(8, '0')}  ${asHex ? `${hex.padEnd(3 * width - 1)}  ` : ''}${text}`,
    );
  }
  return rows;
}

describe('--find', () => {
  it('list tells what there is, without a target', async () => {
    const { code, stdout, stderr } = await memscan(['--find', 'list']);
    expect([code, stderr]).toEqual([0, '']);
    expect(linesOf(stdout).map((line) => line.split(' ')[0])).toEqual(
      'url email ipv4 ipv6 uuid jwt pem-key aws-key credit-card http-request json sql'.split(' '),
    );
  });

  it('finds several, beside patterns', async () => {
    const target = fileOf(
      folder,
      Buffer.from('see https://a.example/x now\0mail to a.b@c.example\0plain needle text'),
    );
    const lines = await json(target, '--find', 'url,email', '-g', 'needle');
    expect(lines.map(({ patterns }) => patterns)).toEqual([['url'], ['email'], ['needle']]);
    const only = await json(target, '--find', 'url', '--find=email', '-o');
    expect(only.map(({ address, text }) => [address, text])).toEqual([
      ['0x4', 'https://a.example/x'],
      ['0x24', 'a.b@c.example'],
    ]);
  });
});

describe('the memory around many matches of one string', () => {
  const path = fileOf(folder, Buffer.from('abcdefghij,'.repeat(3000)));

  it('is shown around each', async () => {
    const lines = await json(path, '-g', 'abc', '-o', '-C', '64K');
    expect(lines).toHaveLength(3000);
    const sides = lines.map(({ context }) => [context!.before.length, context!.after.length]);
    expect(sides).toEqual(lines.map((_, i) => [2 * 11 * i, 2 * (33_000 - 11 * i - 3)]));
    const { stdout, stderr } = await memscan([path, '-g', 'abc', '-o', '-C', '8']);
    expect(linesOf(stdout)).toHaveLength(6000);
    expect(stderr).toMatch(/^memscan: 1 string in /);
  });
});

describe('secrets', () => {
  const CARD = '4111111111111111';
  const target = fileOf(folder, Buffer.from(`pay with ${CARD} now\0and 未读 ${CARD} again\0`));

  it('are masked in whatever shows them', async () => {
    const masked = '411111******1111';
    const args = [target, '--find', 'credit-card'];
    for (const more of [
      [],
      ['-o'],
      ['--json'],
      ['-g', '未读'],
      ['--color=always'],
      ['-C', '64'],
      ['-C', '64', '--hexdump'],
    ]) {
      const { stdout } = await memscan([...args, ...more]);
      expect(stdout).toContain(masked);
      expect(stdout).not.toContain(CARD);
      expect(stdout).not.toContain(Buffer.from(CARD).toString('hex'));
      expect(stdout).not.toContain('31 31 31 31 31 31 31 31 31');
    }
    const [line] = await json(...args, '-o', '-C', '64');
    expect(line).toMatchObject({ text: masked, length: 16, masked: true });
    expect(line!.context!.after).not.toContain(Buffer.from(CARD).toString('hex'));
  });

  it('are shown on request, or where none was asked for', async () => {
    const shown = await memscan([target, '--find', 'credit-card', '--show-secrets', '--json']);
    expect(shown.stdout).toContain(CARD);
    expect(shown.stdout).not.toContain('masked');
    expect((await memscan([target, '-g', 'pay'])).stdout).toContain(CARD);
  });

  it('are masked each, though there are very many in one string', async () => {
    const path = fileOf(folder, Buffer.from(`é${CARD},`.repeat(100_000)));
    const { stdout } = await memscan([path, '--find', 'credit-card', '--no-address']);
    expect(stdout).toBe(`${'é411111******1111,'.repeat(100_000)}\n`);
    const only = await json(path, '--find', 'credit-card', '-o');
    expect(only).toHaveLength(100_000);
    expect(only.every(({ text, masked }) => text === '411111******1111' && masked)).toBe(true);
  });

  it('are masked where a window of a very long string cuts them', async () => {
    const [window, overlap] = [32 << 20, 1 << 20];
    const text = Buffer.alloc(window + 4 * overlap, 'no ');
    text.write(` ${CARD} `, window - overlap - 7); // cut before the second window
    text.write(' late hit ', window + overlap);
    const args = ['--find', 'credit-card', '--no-address', '--no-progress'];
    const second = await memscan([fileOf(folder, text), ...args, '-g', 'late hit', '--all-of']);
    expect(second.stdout).toMatch(/^…\*{6}1111 /);
    text.write(` ${CARD} `, 5);
    text.write(` ${CARD} `, window - 16); // cut behind the first
    const first = await memscan([fileOf(folder, text), ...args]);
    expect(first.stdout.slice(-20)).toMatch(/ 4111\*{11}…\n$/);
    expect(first.stdout).not.toContain('4111111');
  });

  it('are masked in memory of UTF-16, and where a context cuts them', async () => {
    const wide = Buffer.from(`${CARD} in wide text`, 'utf16le');
    const other = Buffer.concat([wide, Buffer.from(`\0\0hit here\0${CARD}\0`)]);
    const path = fileOf(folder, other);
    const run = (size: string) =>
      memscan([path, '-n', '6', '-g', 'hit', '--find', 'credit-card', '-C', size]);
    const { stdout } = await run('80');
    expect(stdout).toContain('4.1.1.1.1.1.*.*.*.*.*.*.1.1.1.1.');
    expect(stdout).not.toMatch(/1\.1\.1\.1\.1\.1\.1\./);
    expect((await run('14')).stdout).toContain('411111***');
  });

  it.each(['latin1', 'utf16le'] as const)(
    'are masked beside a hit however long they are, in %s',
    async (encoding) => {
      const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
      const token = `${header}.eyJ${'c2VjcmV0'.repeat(8190)}.${'TAIL'.repeat(1000)}`;
      const between = `${'\0'.repeat(8)}the hit between${'\0'.repeat(8)}`;
      const bytes = Buffer.from(`${token}${between}${token}\0`, encoding);
      const path = fileOf(folder, bytes);
      const { stdout } = await memscan([
        path,
        '--encoding',
        'utf8,utf16le',
        '-g',
        'the hit between',
        '--find',
        'jwt',
        '-C',
        '100',
        '--limit',
        '2',
      ]);
      expect(stdout).toContain('the hit between');
      expect(stdout.replaceAll('.', '')).toMatch(/\*{8}/);
      expect(stdout.replaceAll('.', '')).not.toMatch(/TAILTAIL|c2VjcmV0/);
    },
  );
});

describe('an expression that needs memory for each character', () => {
  const long = fileOf(folder, Buffer.from(`{"${'a'.repeat(12_000_000)}" x\0{"later": "this one"}`));

  it('is given up on the string, and the scan goes on', async () => {
    const { code, stdout, stderr } = await memscan([long, '-g', '(?:a|b)+z|later', '--no-address']);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual(['{"later": "this one"}']);
    expect(linesOf(stderr)[0]).toContain('given up for want of memory: (?:a|b)+z|later on the string at 0x0');
  });

  it('is an error of the library', async () => {
    const target = await openTarget(long);
    const error = countStrings(target, { pattern: /(?:a|b)+z/ });
    await expect(error).rejects.toMatchObject({ name: 'MemscanError', code: 'BAD_PATTERN' });
    target.close();
  });
});

describe('an expression that backtracks without end', () => {
  it('ends with a warning, and the scan goes on', async () => {
    const hostile = fileOf(folder, Buffer.from(`first needle text\0${'a'.repeat(60)}!\0last needle text`));
    const { code, stdout, stderr } = await memscan([
      hostile,
      '-g',
      '(a+)+$(?!b)',
      '-g',
      'needle',
      '--no-address',
    ]);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual(['first needle text', 'last needle text']);
    expect(linesOf(stderr)[0]).toBe(
      'memscan: given up after 2 s: (a+)+$(?!b) on the string at 0x12, taken not to match',
    );
  });

  it('ends in strings that lie across chunks, and many of them are told by their number', async () => {
    const hostile = fileOf(
      folder,
      Buffer.from(
        Array<string>(14)
          .fill(`${'a'.repeat(60)}!`)
          .join('\0'),
      ),
    );
    const { code, stderr } = await memscan([hostile, '-g', '(a*)*\\1b', '-c', '--no-progress']);
    expect(code).toBe(1);
    expect(linesOf(stderr)).toHaveLength(11);
    expect(linesOf(stderr).at(-1)).toBe('memscan: given up on 14 strings in all: they may match, too');
  });
});

describe('mistakes', () => {
  const bad = patternFile('good\n# comment\na(\n');
  const empty = patternFile('# nothing\n\n');
  it.each([
    [['-v'], '--invert needs a pattern'],
    [['--all-of'], '--all-of needs a pattern'],
    [['-F'], '--fixed needs a pattern'],
    [['-i'], '--ignore-case needs a pattern'],
    [['-w'], '--word needs a pattern'],
    [['-o'], '--only-matching needs a pattern'],
    [['--counts'], '--counts needs a pattern'],
    [['--all-of', '-v', '-g', 'x'], '--all-of and --invert do not go together'],
    [['-o', '-v', '-g', 'x'], '--only-matching and --invert do not go together: there are no matches'],
    [['--counts', '-c', '-g', 'x'], '--counts and --count do not go together'],
    [['-g', 'a('], 'bad pattern at character 3: unterminated group: a('],
    [['--grep-file', bad], `${bad}:3: bad pattern at character 3: unterminated group: a(`],
    [['--grep-file', empty], `no pattern in --grep-file ${empty}`],
    [['--grep-file', '/no/such/file'], 'no such file: /no/such/file'],
    [['--grep-file', '/tmp'], 'cannot read --grep-file /tmp: EISDIR: illegal operation on a directory'],
    [['--find', 'url,phone'], 'bad --find: phone'],
    [['-C', '65K'], 'bad --context: 65K'],
    [['-A', 'many'], 'bad --after: many'],
    [['--hexdump'], '--hexdump shows the memory around hits'],
  ])('%j is told in one line, with one line of advice', async (args, message) => {
    const { code, stdout, stderr } = await memscan([sample, ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(linesOf(stderr)).toEqual([`memscan: ${message}`, expect.stringMatching(/^memscan: .+/)]);
  });

  it('in a target are told after those in patterns', async () => {
    const { stderr } = await memscan([join(folder, 'absent'), '-g', 'a(']);
    expect(stderr).toContain('bad pattern');
  });
});

import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';

import { linesOf, memscan } from '../fixtures/cli.ts';
import { compile } from '../fixtures/compile.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';
import { startTarget } from '../fixtures/process.ts';

const folder = temporaryFolder();

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

  it('lets nothing hostile through to the terminal', async () => {
    const { stdout } = await memscan(['top', text('an \u202eevil\u202c text, shown'), '--no-progress']);
    expect(stdout).toContain('\\u{202e}evil');
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
    expect(stdout).toMatch(/^ +[\d.]+ KiB of utf16le: 900 strings, about \d+ different; file$/m);
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

  it('tells of a process where families lie', async () => {
    const { pid } = await startTarget(compile('leak'), ['websocket']);
    const { stdout } = await memscan(['top', String(pid), '--only', 'heap', '--limit', '1']);
    expect(stdout).toMatch(/^ +9\d\.\d %|100\.0 %  42\["push"/m);
    expect(stdout).toMatch(/[\d.]+ MiB in about [\d.]+ MiB of blocks: .* different; heap$/m);
  });
});

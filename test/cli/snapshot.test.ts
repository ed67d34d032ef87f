import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import stringWidth from 'fast-string-width';
import { beforeEach, describe, expect, it } from 'vitest';

import { linesOf, MEMSCAN, memscan } from '../fixtures/cli.ts';
import { compile } from '../fixtures/compile.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';
import { startTarget } from '../fixtures/process.ts';

const root = temporaryFolder();

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'folder-'));
  path = join(folder, 'snapshot');
});

const text = (...lines: string[]): string =>
  fileOf(root, Buffer.from(lines.map((line) => `${line}\0`).join('')));

async function taken(name: string, target: string, ...options: string[]): Promise<string> {
  const file = join(folder, name);
  const { code, stderr } = await memscan(['snapshot', target, '-o', file, ...options]);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^memscan: .* scanned of/)]);
  return file;
}

describe('memscan snapshot', () => {
  it('writes a file that its owner alone may read', async () => {
    const file = await taken('one', text('some text of a file'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(gunzipSync(readFileSync(file)).toString()).toMatch(/^\{"memscan":"[\d.]+","format":3,/);
  });

  it('holds no text with --no-samples', async () => {
    const file = await taken('one', text('some secret text of a file'), '--no-samples');
    const json = gunzipSync(readFileSync(file)).toString();
    expect(json).toContain('"key":');
    expect(json).not.toMatch(/secret|shape/);
  });

  it('is not written over another but with --force, nor through a link', async () => {
    const target = text('some text of a file');
    writeFileSync(path, 'old');
    const link = join(folder, 'link');
    symlinkSync(path, link);
    for (const args of [[path], [link], [link, '--force']]) {
      const { code, stderr } = await memscan(['snapshot', target, '-o', ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('memscan: not written over')]);
    }
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect((await memscan(['snapshot', target, '-o', path, '--force'])).code).toBe(0);
    expect(readFileSync(path, 'utf8')).not.toBe('old');
    expect(readdirSync(folder).toSorted()).toEqual(['link', 'snapshot']);
  });

  it('leaves no file where there is nothing to look at, or no target', async () => {
    const target = text('some text of a file');
    const nothing = await memscan(['snapshot', target, '-o', path, '--only', 'heap']);
    expect([nothing.code, linesOf(nothing.stderr)[0]]).toEqual([1, 'memscan: there was nothing to keep']);
    expect((await memscan(['snapshot', `${target}-not`, '-o', path])).code).toBe(2);
    expect((await memscan(['snapshot', target, '-o', path, '--min', '0'])).code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('asks for a file to write to', async () => {
    const { code, stderr } = await memscan(['snapshot', text('x')]);
    expect([code, stderr]).toEqual([2, 'memscan: no file to write to\nmemscan: give one: -o FILE\n']);
    const toPipe = await memscan(['snapshot', text('x'), '-o', '-']);
    expect(toPipe.code).toBe(2);
    expect(toPipe.stderr).toMatch(
      /^memscan: a snapshot cannot be written to standard output\nmemscan: .+\n$/,
    );
  });
});

const PUSH = '42["push",{"channel":"websocket","userId":<n>,"unread":<n>}]';

describe('memscan diff', () => {
  it('tells what grew, by kind, pages, region and family', async () => {
    const grow = await startTarget(compile('grow'));
    await grow.send('push 1000');
    const before = await taken('before', String(grow.pid));
    await grow.send('push 30000');
    const after = await taken('after', String(grow.pid));
    const { code, stdout, stderr } = await memscan(['diff', before, after]);
    expect([code, stderr]).toEqual([0, '']);
    const lines = linesOf(stdout);
    expect(lines[0]).toMatch(/^process \d+ \(grow\), .* apart: .* \(\+.*, \+.* a minute\) resident$/);
    expect(lines[1]).toMatch(/^text: .* \(\+.*, \+.* a minute\)$/);
    for (const [title, first] of [
      ['KIND', 'heap'],
      ['PAGES', 'text'],
      ['REGION', `[0-9a-f]{12}-[0-9a-f]{12}  heap  main  \\[heap\\]`],
      ['FAMILY', PUSH.replace(/[[\]{}]/g, '\\$&')],
    ] as const) {
      const at = lines.findIndex((line) =>
        new RegExp(`^ *GROWTH +A MINUTE +BEFORE +AFTER +${title === 'FAMILY' ? 'IN +FAMILY' : title}$`).test(
          line,
        ),
      );
      expect(lines[at + 1]).toMatch(new RegExp(`^ *\\+[\\d.]+ .i?B +\\+[\\d.]+ .i?B .*  ${first}$`));
    }
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(120);
  });

  it('prints JSON: what is compared, then what changed', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `a first text with ${i} in it`);
    const before = await taken('before', text(...lines));
    const after = await taken('after', text(...lines, ...lines, 'and another one at the end'));
    const { code, stdout } = await memscan(['diff', before, after, '--json']);
    const rows = linesOf(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(0);
    expect(rows[0]).toMatchObject({
      type: 'diff',
      first: { kind: 'file' },
      notes: [expect.stringMatching(/^two targets: /)],
    });
    expect(rows[0]!['seconds']).toBeGreaterThan(0);
    const family = rows.find(({ type }) => type === 'family');
    expect(family).toMatchObject({ shape: 'a first text with <n> in it', strings: 100, error: 0 });
    expect(family!['growth']).toBe(lines.join('').length);
    expect(rows.some(({ type }) => type === 'region')).toBe(false);
    const one = await memscan(['diff', before, after, '--json', '--limit', '1']);
    expect(linesOf(one.stdout).filter((line) => line.includes('"family"')).length).toBe(1);
  });

  it('finds nothing where nothing changed', async () => {
    const target = text('some text of a file');
    const { code, stdout } = await memscan(['diff', await taken('a', target), await taken('b', target)]);
    expect(code).toBe(1);
    expect(stdout).not.toContain('GROWTH');
  });

  it('lets nothing hostile through to the terminal', async () => {
    const before = await taken('a', text('some text of a file'));
    const after = await taken('b', text('an \u202eevil\u202c text, shown'));
    for (const json of [[], ['--json']]) {
      const { stdout } = await memscan(['diff', before, after, ...json]);
      expect(stdout).toContain('evil');
      expect(stdout).not.toMatch(/\u202e|\u202c/);
    }
  });

  it('takes one file where it has several rounds alone', async () => {
    const { code, stderr } = await memscan(['diff', await taken('a', text('some text of a file'))]);
    expect([code, linesOf(stderr)[0]]).toEqual([2, expect.stringMatching(/only one snapshot in .*\/a$/)]);
  });

  it('compares a process with itself', async () => {
    const { pid } = await startTarget(compile('grow'));
    const { code, stdout, stderr } = await memscan(['diff', String(pid), '--after', '1s', '--only', 'heap']);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(new RegExp(`^process ${pid} \\(grow\\), 1 s apart: `));
  });

  it('says when the process ends meanwhile', async () => {
    const grow = await startTarget(compile('grow'));
    const child = spawn(process.execPath, [MEMSCAN, 'diff', String(grow.pid), '--after', '1s'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (data) => (stderr += String(data)));
    await grow.stop();
    const [code] = (await once(child, 'close')) as [number];
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(new RegExp(`^memscan: .*process.* ${grow.pid}`)),
    ]);
  });

  it.each([
    [[], 'give two snapshots to compare, or a file of memscan watch'],
    [['4711'], 'give two snapshots to compare, or a file of memscan watch'],
    [['a', 'b', 'c'], 'give two snapshots to compare, or a file of memscan watch'],
    [['a', 'b', '--only', 'heap'], '--only needs a live process'],
    [['a', '-n', '4'], '--min needs a live process'],
    [['a', 'b', '--off-heap'], '--off-heap needs a live process'],
    [['a', 'b', '--jobs', 'x'], '--jobs needs a live process'],
    [['a', '--after', '1s'], '--after needs a live process: a is not a pid'],
    [['1', '--after', '1d'], 'bad --after: 1d'],
    [['1', '--after', '0s'], 'bad --after: 0s'],
    [['1', '--after', '999999999h'], 'bad --after: 999999999h'],
    [['/no/such/a', '/no/such/b'], 'no such file: /no/such/a'],
    [['/etc/passwd', '/etc/passwd'], '/etc/passwd is not a snapshot: it is damaged, or something else'],
    [['/', '/'], '/ is not a regular file'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, stdout, stderr } = await memscan(['diff', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(linesOf(stderr)).toEqual([`memscan: ${message}`, expect.stringMatching(/^memscan: .+/)]);
  });
});

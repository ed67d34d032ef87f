import { stripVTControlCharacters } from 'node:util';

import { describe, expect, it } from 'vitest';

import { linesOf, memscan } from '../fixtures/cli.ts';
import { at, coreOf, page } from '../fixtures/cores.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';
import { PAGE, startPuppet } from '../fixtures/puppet.ts';

const folder = temporaryFolder();
const GAP = 40;
const sample = fileOf(
  folder,
  Buffer.concat([
    Buffer.from('\x1f\x8b\x08\x08file\x1b[31m', 'latin1'),
    Buffer.alloc(GAP),
    Buffer.from('\x1f\x8b\x09\x08', 'latin1'),
  ]),
);
const SECOND = 13 + GAP;

const json = (stdout: string): object[] => linesOf(stdout).map((line) => JSON.parse(line) as object);

describe('memscan FILE --hex', () => {
  it('prints offset, bytes in hexadecimal and as ASCII, hits below each other, and a summary', async () => {
    const { code, stdout, stderr } = await memscan([sample, '--hex', '1f 8b ?? 08']);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual([
      `0x00000000  ${' '.repeat(24)} 1f 8b 08 08  66 69 6c 65 1b 5b 33 31  |....file.[31|`,
      `0x00000035  ${'00 '.repeat(8)} 1f 8b 09 08  ${' '.repeat(24)} |${'.'.repeat(12)}|`,
    ]);
    expect(stderr).toMatch(/^memscan: 2 hits in 57 B scanned of 57 B, /);
  });

  it('prints JSON with sixteen bytes of context on both sides, where they are', async () => {
    const { stdout } = await memscan([sample, '--hex', '1f8b??08', '--json']);
    const region = { start: '0x0', kind: 'file', pathname: sample };
    expect(json(stdout)).toEqual([
      {
        address: '0x0',
        length: 4,
        region,
        bytes: '1f8b0808',
        before: '',
        after: '66696c651b5b33316d00000000000000',
      },
      { address: '0x35', length: 4, region, bytes: '1f8b0908', before: '00'.repeat(16), after: '' },
    ]);
  });

  it('takes several patterns, and single digits', async () => {
    const { stdout } = await memscan([sample, '--hex', '6?69', '--hex=?b ?8', '--json']);
    expect(json(stdout)).toMatchObject([
      { address: '0x1', bytes: '8b08' },
      { address: '0x4', bytes: '6669' },
    ]);
  });

  it('highlights hits when asked to', async () => {
    const { stdout } = await memscan([sample, '--hex', '6c65', '--color', 'always']);
    expect(stdout).toContain('69  \x1b[1;31m6c 65\x1b[0m  1b');
    expect(stdout).toContain('|....fi\x1b[1;31mle\x1b[0m.[31m...|');
    const plain = stripVTControlCharacters(stdout);
    expect((await memscan([sample, '--hex', '6c65'])).stdout).toBe(plain);
  });

  it('counts, stops after --limit hits, and looks where it is told', async () => {
    const run = async (...args: string[]) => (await memscan([sample, ...args])).stdout;
    expect(await run('--hex', '00', '-c')).toBe(`${GAP}\n`);
    expect(await run('--hex', '00', '-c', '--limit', '3')).toBe('3\n');
    const limited = await memscan([sample, '--hex', '00', '--limit', '3']);
    expect(linesOf(limited.stdout)).toHaveLength(3);
    expect(limited.stderr).toContain('3 hits');
    expect(await run('--hex', '1f8b', '--range', `${SECOND.toString(16)}-100`, '-c')).toBe('1\n');
    expect(await run('--hex', '1f8b', '--jobs', '1', '-c')).toBe('2\n');
    const none = await memscan([sample, '--hex', 'dead', '--no-progress']);
    expect(none).toMatchObject({ code: 1, stdout: '', stderr: '' });
  });

  it('prints very many hits, a line each', async () => {
    const zeros = fileOf(folder, Buffer.alloc(300_000));
    const { stdout } = await memscan([zeros, '--hex', '0000']);
    const lines = linesOf(stdout);
    expect(lines).toHaveLength(299_999);
    expect(new Set(lines.map((line) => line.slice(0, 10))).size).toBe(299_999);
  });
});

describe('memscan --pointers-to', () => {
  it('prints who refers to an address, or into a range', async () => {
    const puppet = await startPuppet();
    const area = await puppet.area(2 * PAGE);
    const block = area + BigInt(PAGE);
    const pointer = (value: bigint): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(value);
      return bytes;
    };
    await puppet.write(area, pointer(block));
    await puppet.write(area + 16n, pointer(block + 0x18n));
    await puppet.write(area + 33n, pointer(block)); // not aligned
    const hex = (address: bigint): string => `0x${address.toString(16)}`;
    const run = (to: string, ...args: string[]) =>
      memscan([String(puppet.pid), '--only', 'anon', '--pointers-to', to, ...args]);
    const exact = await run(hex(block));
    expect(exact.stdout).toBe(`${hex(area)}  anon          -> ${hex(block)}  +0x0\n`);
    const range = await run(`${hex(block)}-${hex(block + 0x20n)}`);
    expect(linesOf(range.stdout)[1]).toBe(
      `${hex(area + 16n)}  anon          -> ${hex(block + 0x18n)}  +0x18`,
    );
    const shown = json((await run(hex(block), '--json')).stdout);
    expect(shown).toEqual([
      { address: hex(area), region: { start: hex(area), kind: 'anon', pathname: '' }, value: hex(block) },
    ]);
    expect((await run(`${hex(block)}-${hex(block + 0x20n)}`, '-c')).stdout).toBe('2\n');
    expect((await run(hex(block + 1n))).code).toBe(1);
  });

  it('looks into cores, by address', async () => {
    const words = Buffer.alloc(PAGE);
    words.writeBigUInt64LE(0x20_0000n, 16);
    const core = fileOf(
      folder,
      coreOf([at(0x10_0000, 1, PAGE), at(0x20_0000, 1, 2 * PAGE)], Buffer.concat([words, page('block')])),
    );
    const { stdout } = await memscan([core, '--pointers-to', '200000', '--no-progress']);
    expect(stdout).toMatch(/^0x000000100010 {2}.* -> 0x000000200000 {2}\+0x0\n$/);
    expect((await memscan([core, '--hex', '62 6c 6f 63 6b'])).stdout).toMatch(/^0x000000200000 {2}/);
  });
});

describe('mistakes', () => {
  it.each([
    [['--hex', '1f8'], 'bad pattern of bytes: 1f8: expected pairs of hexadecimal digits or ?, found: 1f8'],
    [
      ['--hex', '\x1b[31m'],
      'bad pattern of bytes: \\u{1b}[31m: expected pairs of hexadecimal digits or ?, found: \\u{1b}[31m',
    ],
    [
      ['--hex', '?? ??'],
      'bad pattern of bytes: ?? ??: it matches anything: at least one digit must be known',
    ],
    [['--hex', ''], 'bad pattern of bytes: : it is empty'],
    [
      ['--hex', '00', '--hex', 'x'],
      'bad pattern of bytes: x: expected pairs of hexadecimal digits or ?, found: x',
    ],
    [['--hex', '00'.repeat(257)], `bad pattern of bytes: ${'00'.repeat(40)}…: it has more than 256 bytes`],
    [['--hex'], 'there is no value for: --hex'],
    [['--hex', '00', '--grep', 'a'], '--hex and --grep do not go together'],
    [['--hex', '00', '-n', '10'], '--hex and --min do not go together'],
    [['--hex', '00', '--encoding', 'utf8'], '--hex and --encoding do not go together'],
    [['--hex', '00', '--no-address'], '--hex and --no-address do not go together'],
    [['--pointers-to', '1', '-i'], '--pointers-to and --ignore-case do not go together'],
    [['--pointers-to', '1', '--hex', '00'], '--pointers-to and --hex do not go together'],
    [['--pointers-to', 'x'], 'bad --pointers-to: x'],
    [['--pointers-to', '2-1'], 'bad --pointers-to: 2-1'],
    [['--hex', '00', '--limit', 'x'], 'bad --limit: x'],
  ])('memscan FILE %j is told in one line, with one line of advice', async (args, message) => {
    const { code, stdout, stderr } = await memscan([sample, ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(linesOf(stderr)).toEqual([`memscan: ${message}`, expect.stringMatching(/^memscan: .+/)]);
  });

  it('leave help what it is', async () => {
    expect((await memscan(['--hex', '00', '--help'])).stdout).toBe((await memscan(['--help'])).stdout);
  });
});

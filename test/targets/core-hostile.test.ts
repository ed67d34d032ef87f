import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { elfHeader, note, ProgramHeaders } from '../../src/dump/elf-core.ts';
import { architecture, MEMSCAN_NOTE, NT_AUXV, NT_FILE } from '../../src/elf/format.ts';
import { countStrings, scanStrings } from '../../src/index.ts';
import { noCoverage } from '../../src/memory/coverage.ts';
import type { Range } from '../../src/memory/ranges.ts';
import type { Target } from '../../src/targets/target.ts';
import { at, CoreFolder, coreOf, page, withTarget } from '../fixtures/cores.ts';
import { addressesOf, type Assorted, dump, freeze, startAssorted, stringsOf } from '../fixtures/dumps.ts';
import { MIB, PAGE } from '../fixtures/puppet.ts';

const folder = new CoreFolder();
afterAll(() => folder.remove());

describe('a hostile core', () => {
  const LAST = 2n ** 64n - 1n;
  const text = page('text that is there');
  const kindOf = (path: string): Promise<Target['kind']> => withTarget(path, async ({ kind }) => kind);

  async function scanned(path: string): Promise<string[]> {
    return (await stringsOf(path, { all: true })).map(({ text: found }) => found);
  }

  it.each([
    ['no segment', coreOf([], text)],
    ['segments without memory', coreOf([{ ...at(0x10000, 0, PAGE), fileLength: 4096n }], text)],
    ['addresses that end nowhere', coreOf([{ ...at(0x10000, 1, PAGE), length: LAST }], text)],
    [
      'one page at a thousand addresses',
      coreOf(
        Array.from({ length: 1000 }, (_, i) => at(i * 8192, 1, PAGE)),
        text,
      ),
    ],
    ['program headers behind its end', Buffer.from(coreOf([at(0x10000, 1, PAGE)], text)).fill(0xff, 32, 40)],
    [
      '65,535 program headers and no section',
      Buffer.from(coreOf([at(0x10000, 1, PAGE)], text)).fill(0xff, 56, 58),
    ],
    ['program headers of another size', Buffer.from(coreOf([at(0x10000, 1, PAGE)], text)).fill(0x20, 54, 55)],
    ['another machine', Buffer.from(coreOf([at(0x10000, 1, PAGE)], text)).fill(0xf3, 18, 19)],
    ['32 bits', Buffer.from(coreOf([at(0x10000, 1, PAGE)], text)).fill(1, 4, 5)],
    ['nothing but a header', coreOf([at(0x10000, 1, PAGE)], text).subarray(0, 64)],
    ['half a header', coreOf([at(0x10000, 1, PAGE)], text).subarray(0, 40)],
  ])('with %s is a file like any other', async (_, bytes) => {
    const path = folder.fileOf(bytes);
    expect(await kindOf(path)).toBe('file');
    const whole = bytes.includes('text that is there') ? ['text that is there'] : [];
    expect(await scanned(path)).toEqual(whole);
  });

  it.each([
    ['overlap', [at(0x10000, 2, PAGE, 1), at(0x10800, 1, PAGE, 0), at(0x11000, 1, 2 * PAGE, 0)], 0x10000],
    ['are out of order', [at(0x90000, 1, PAGE, 0), at(0x10000, 1, PAGE)], 0x10000],
    ['have more in the file than in memory', [{ ...at(0x10000, 1, PAGE), fileLength: LAST }], 0x10000],
    [
      'lie in the file’s nowhere, in part',
      [at(0x10000, 1, PAGE), { ...at(0x20000, 1, 0), offset: LAST }],
      0x10000,
    ],
    [
      'lie at the end of all addresses',
      [{ ...at(0, 1, PAGE), start: LAST - BigInt(PAGE) }],
      LAST - BigInt(PAGE),
    ],
  ] as const)('whose segments %s is scanned', async (_, loads, address) => {
    const path = folder.fileOf(coreOf(loads, text));
    expect(addressesOf(await stringsOf(path))).toEqual([`0x${address.toString(16)} text that is there`]);
  });

  const loads = [at(0x10000, 1, PAGE)];
  const memscanNote = (...lines: readonly string[]): Buffer =>
    note(MEMSCAN_NOTE.name, MEMSCAN_NOTE.type, Buffer.from(lines.map((line) => `${line}\n`).join('')));
  const line = (start: string, end: string, kind = 'heap', name = '"[heap]"', known = '""'): string =>
    ['region', start, end, 'rw-p', '0', '00:00', '0', kind, known, name].join('\t');
  const regionBy = async (title: string, kind: string, known: string): Promise<string> => {
    const path = folder.fileOf(
      coreOf(loads, text, memscanNote(title, line('10000', '11000', kind, '""', known))),
    );
    return (await stringsOf(path))[0]!.region;
  };

  it('with a valid note by memscan gets the regions of the note', async () => {
    const path = folder.fileOf(coreOf(loads, text, memscanNote('memscan-core 1', line('10000', '11000'))));
    expect((await stringsOf(path))[0]!.region).toBe('65536 69632 rw-p heap  [heap]');
  });

  it.each([
    ['memscan-core 1', 'arena', '"3"', 'arena 3'],
    ['memscan-core 2', 'arena', '{"arena":3}', 'arena 3'],
    ['memscan-core 1', 'heap', '"main"', 'heap main'],
    ['memscan-core 2', 'heap', '{"arena":"main"}', 'heap main'],
    ['memscan-core 1', 'thread-stack', '"12 a b\\u001b"', 'thread-stack 12 a b\u001b'],
    ['memscan-core 2', 'thread-stack', '{"thread":{"id":12,"name":"a\\tb"}}', 'thread-stack 12 a\tb'],
    ['memscan-core 1', 'java-heap', '"G1"', 'java-heap G1'],
    ['memscan-core 1', 'metaspace', '"(guess)"', 'metaspace (guess)'],
    ['memscan-core 2', 'metaspace', '{"use":"class-space"}', 'metaspace class space'],
    ['memscan-core 2', 'jvm', '{"use":"card-table","later":1}', 'jvm card table'],
  ])('by %s is understood: %s %s', async (title, kind, known, words) => {
    expect(await regionBy(title, kind, known)).toBe(`65536 69632 rw-p ${words} `);
  });

  it.each([
    '{"arena":-1}',
    '{"arena":"3"}',
    '{"thread":{"id":1}}',
    '{"use":"swamp"}',
    '{"isGuess":1}',
    '{]}',
    'null',
  ])('with facts that make no sense is not believed: %s', async (known) => {
    expect(await regionBy('memscan-core 2', 'arena', known)).toBe('65536 69632 rw-p anon  ');
  });

  it.each([
    ['nothing', memscanNote()],
    ['no title', memscanNote(line('10000', '11000'))],
    ['no region', memscanNote('memscan-core 1')],
    ['regions elsewhere', memscanNote('memscan-core 1', line('20000', '21000'))],
    ['regions that leave memory out', memscanNote('memscan-core 1', line('10000', '10800'))],
    ['regions out of order', memscanNote('memscan-core 1', line('10000', '11000'), line('1000', '2000'))],
    ['regions that overlap', memscanNote('memscan-core 1', line('10000', '11000'), line('10800', '12000'))],
    ['regions that end before they begin', memscanNote('memscan-core 1', line('11000', '10000'))],
    ['an unknown kind', memscanNote('memscan-core 1', line('10000', '11000', 'constructor'))],
    ['a name that is none', memscanNote('memscan-core 1', line('10000', '11000', 'heap', '"\\x"'))],
    ['a name that is two', memscanNote('memscan-core 1', line('10000', '11000', 'heap', '"a","b"'))],
    [
      'a very long name',
      memscanNote('memscan-core 1', line('10000', '11000', 'heap', `"${'a'.repeat(MIB)}"`)),
    ],
    ['copies in memory', memscanNote('memscan-core 1', line('10000', '11000'), 'copied\t10000\t11000')],
    [
      'copies before the file',
      memscanNote('memscan-core 1', 'copied\t10000\t11000', line('10000', '11000', 'file')),
    ],
    ['empty lines', memscanNote('memscan-core 1', ...Array.from({ length: 10_000 }, () => ''))],
  ])('that has %s in memscan’s note is not believed', async (_, lie) => {
    const bytes = coreOf([{ ...loads[0]!, offset: BigInt(2 * MIB) }], Buffer.alloc(0), lie);
    const path = folder.fileOf(Buffer.concat([bytes, Buffer.alloc(2 * MIB)]).subarray(0, 2 * MIB), text);
    expect((await stringsOf(path))[0]!.region).toBe('65536 69632 rw-p anon  ');
  });

  it.each([
    ['more files than it has room for', BigUint64Array.from([LAST, 4096n, 0x10000n, 0x11000n, 0n])],
    ['files without names', BigUint64Array.from([1n, 4096n, 0x10000n, 0x11000n, 0n])],
    ['files that end before they begin', BigUint64Array.from([1n, 4096n, 0x11000n, 0x10000n, 0n, 0x61n])],
  ])('with a note of %s has no mapped files', async (_, table) => {
    const path = folder.fileOf(coreOf(loads, text, note('CORE', NT_FILE, Buffer.from(table.buffer))));
    expect((await stringsOf(path))[0]!.region).toBe('65536 69632 rw-p anon  ');
  });

  it.each([
    ['a size of 4 GiB', Buffer.from([5, 0, 0, 0, 255, 255, 255, 255, 1, 0, 0, 0])],
    ['a name of 4 GiB', Buffer.from([255, 255, 255, 255, 0, 0, 0, 0, 1, 0, 0, 0])],
    ['nothing in it', Buffer.alloc(2000)],
    ['a stack nowhere', note('CORE', NT_AUXV, Buffer.alloc(160, 0xff))],
    ['half an auxiliary vector', note('CORE', NT_AUXV, Buffer.alloc(7))],
  ])('whose note has %s is scanned', async (_, bytes) => {
    expect(addressesOf(await stringsOf(folder.fileOf(coreOf(loads, text, bytes))))).toEqual([
      '0x10000 text that is there',
    ]);
  });

  it('of a million program headers is bounded in time and memory', async () => {
    const headers = new ProgramHeaders(PAGE);
    for (let i = 0; i < 1_000_000; i++) {
      headers.addMemory({
        start: BigInt(i * 8192),
        end: BigInt(i * 8192 + 4096),
        perms: 'r',
        offset: 0,
        stored: 0n,
      });
    }
    const header = elfHeader(architecture(), headers.count, { programHeaders: 128, sectionHeader: 64 });
    const section = (count: number): Buffer => {
      const bytes = Buffer.alloc(64);
      bytes.writeUInt32LE(count, 44);
      return bytes;
    };
    expect(await kindOf(folder.fileOf(header, section(1_000_000), headers.bytes()))).toBe('file');
    const most = folder.fileOf(header, section(2 ** 19), headers.bytes());
    expect(await kindOf(most)).toBe('core');
    expect(await scanned(most)).toEqual([]);
  });

  describe('made from a valid one', () => {
    let target: Assorted;
    const core = folder.newPath();
    let headers: Range;
    beforeAll(async () => {
      target = await startAssorted(folder.path);
      await freeze(target.puppet);
      await dump(target.puppet.pid, core);
      await target.puppet.stop();
      // Notes and program headers follow the memory.
      const bytes = readFileSync(core);
      const table = Number(bytes.readBigUInt64LE(32));
      headers = { start: BigInt(bytes.indexOf('CORE\0') - 12), end: BigInt(bytes.length) };
      expect(headers.start).toBeLessThan(table);
    });

    it('by changing bytes in headers and notes is scanned as a core or a file', async () => {
      const original = readFileSync(core);
      const offsets = fc.oneof(
        fc.integer({ min: 16, max: 63 }),
        fc.integer({ min: Number(original.readBigUInt64LE(32)), max: original.length - 1 }),
        fc.integer({ min: Number(headers.start), max: original.length - 1 }),
      );
      const change = fc.tuple(
        offsets,
        fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.constant(new Uint8Array(8).fill(255))),
      );
      const path = folder.newPath();
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
          const bytes = Buffer.from(original);
          for (const [offset, values] of changes) bytes.set(values.slice(0, bytes.length - offset), offset);
          writeFileSync(path, bytes);
          await expectSane(path);
        }),
        { numRuns: 150 },
      );
    });

    it('by truncating it is scanned as a core or a file', async () => {
      const { size } = statSync(core);
      await fc.assert(
        fc.asyncProperty(fc.nat(size), async (length) => {
          const path = folder.newPath();
          copyFileSync(core, path);
          truncateSync(path, length);
          appendFileSync(path, 'x');
          await expectSane(path);
          rmSync(path);
        }),
        { numRuns: 30 },
      );
    });
  });

  it('made of random numbers is scanned as a core or a file', async () => {
    const number = fc.oneof(
      fc.bigInt({ min: 0n, max: 40960n }),
      fc.bigInt({ min: 0n, max: 10n }).map((pages) => pages * 4096n),
      fc.constantFrom(LAST, LAST - 4095n, 2n ** 63n, 2n ** 63n - 1n, 2n ** 53n, 2n ** 32n, 0n, 1n),
    );
    const load = fc.record({ start: number, length: number, fileLength: number, offset: number });
    const path = folder.newPath();
    await fc.assert(
      fc.asyncProperty(fc.array(load, { maxLength: 12 }), async (list) => {
        writeFileSync(path, coreOf(list, Buffer.from('some text of it. '.repeat(2000))));
        await expectSane(path);
      }),
      { numRuns: 300 },
    );
  });
});

/** Expects regions in order, and no more bytes read than the file has. */
async function expectSane(path: string): Promise<void> {
  const { size } = statSync(path);
  await withTarget(path, async (target) => {
    let end = 0n;
    for (const region of target.classifyRegions()) {
      expect(region.start >= end && region.start < region.end).toBe(true);
      ({ end } = region);
    }
    const coverage = noCoverage();
    let read = 0;
    for await (const spans of target.spans({ all: true, ranges: [] }, coverage)) {
      for (const span of spans) read += Number(span.end - span.start);
    }
    expect(read).toBeLessThanOrEqual(size);
    const { mapped, ...parts } = coverage;
    // Sums of 2^60 and a bit are not exact.
    const sum = Object.values(parts).reduce((a, b) => a + b);
    expect(Math.abs(sum - mapped)).toBeLessThanOrEqual(mapped / 2 ** 40);
    let found = 0;
    for await (const { address, region } of scanStrings(target, { all: true })) {
      expect(region.start <= address && address < region.end).toBe(true);
      found++;
    }
    expect(await countStrings(target, { all: true })).toBe(found);
  });
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  countingSectionHeader,
  elfHeader,
  needsSectionHeader,
  note,
  ProgramHeaders,
} from '../../src/dump/elf-core.ts';
import { architecture, HEADER_BYTES, PROGRAM_HEADER_BYTES } from '../../src/elf/format.ts';
import { openTarget } from '../../src/index.ts';
import { addressesOf, missing, readelf, stringsOf } from '../fixtures/dumps.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { PAGE } from '../fixtures/puppet.ts';

const folder = temporaryFolder();

/** Writes a core of `pages` pages with gaps of one page. The first and the last hold text. */
function writeCore(pages: number): string {
  const headers = new ProgramHeaders(PAGE);
  for (let i = 0; i < pages; i++) {
    const start = BigInt(0x10000 + 2 * i * PAGE);
    const isStored = i === 0 || i === pages - 1;
    const offset = i === 0 ? PAGE : 2 * PAGE;
    headers.addMemory({
      start,
      end: start + BigInt(PAGE),
      perms: 'rw-p',
      offset,
      stored: isStored ? BigInt(PAGE) : 0n,
    });
  }
  const memory = ['in the first page', 'in the last page'].map((text) =>
    Buffer.concat([Buffer.from(text), Buffer.alloc(PAGE)], PAGE),
  );
  const notes = note('CORE', 6, Buffer.alloc(16));
  headers.addNotes(3 * PAGE, notes.length);
  const programHeaders = Math.ceil((3 * PAGE + notes.length) / 8) * 8;
  const table = headers.bytes();
  const tables = { programHeaders, sectionHeader: programHeaders + table.length };
  const core = Buffer.alloc(tables.sectionHeader);
  elfHeader(architecture(), headers.count, tables).copy(core);
  Buffer.concat([...memory, notes]).copy(core, PAGE);
  table.copy(core, programHeaders);
  const path = join(folder, `core-${pages}`);
  const counting = needsSectionHeader(headers.count) ? countingSectionHeader(headers.count) : Buffer.alloc(0);
  writeFileSync(path, Buffer.concat([core, counting]));
  return path;
}

describe('a core', () => {
  // Together with the notes' header, the last three make 65,534, 65,535 and 65,536 program headers.
  it.for([2, 65_533, 65_534, 65_535])(
    'of %i segments is read by readelf and memscan',
    async (pages, { skip }) => {
      const path = writeCore(pages);
      const target = await openTarget(path);
      expect(target.kind).toBe('core');
      expect(target.classifyRegions()).toHaveLength(pages);
      target.close();
      expect(addressesOf(await stringsOf(path))).toEqual([
        '0x10000 in the first page',
        `0x${(0x10000 + 2 * (pages - 1) * PAGE).toString(16)} in the last page`,
      ]);

      skip(missing('readelf') !== '', missing('readelf'));
      const said = readelf(path);
      expect(said).not.toMatch(/warning|error|corrupt/i);
      expect(said.match(/^ +LOAD /gm)).toHaveLength(pages);
      const count = pages + 1 >= 65_535 ? `65535 (${pages + 1})` : `${pages + 1}`;
      expect(said).toContain(`Number of program headers:         ${count}\n`);
    },
  );

  it('has headers of the sizes in elf(5)', () => {
    const headers = new ProgramHeaders(PAGE);
    headers.addNotes(0, 0);
    expect(headers.bytes()).toHaveLength(PROGRAM_HEADER_BYTES);
    expect(elfHeader(architecture(), 1, { programHeaders: 64, sectionHeader: 0 })).toHaveLength(HEADER_BYTES);
  });

  it('pads notes to four bytes', () => {
    const bytes = note('CORE', 1, Buffer.from('12345'));
    expect(bytes).toHaveLength(12 + 8 + 8);
    expect([0, 4, 8].map((at) => bytes.readUInt32LE(at))).toEqual([5, 5, 1]);
    expect(bytes.toString('latin1', 12)).toBe('CORE\0\0\0\x0012345\0\0\0');
  });
});

import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Memory } from '../../src/memory/memory.ts';
import type { Region } from '../../src/memory/region.ts';
import { coreView } from '../../src/targets/core/view.ts';
import { anonymous } from '../fixtures/fake-memory.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { PAGE } from '../fixtures/puppet.ts';

const START = 0x7f00_0000_0000n;
const NOTES = {
  files: [],
  inStack: undefined,
  vdso: undefined,
  threads: [],
  commandLine: '',
  known: undefined,
};

/** A view of a core with the file `path` mapped, whose first page the core stores as `first`. */
function viewOf(path: string, first: Buffer | undefined): { seen: () => boolean } {
  const mapped: Region = anonymous(START, 4, { kind: 'file', pathname: path, perms: 'r--p' });
  const memory: Memory = {
    read: (address, length) => (address === START ? first?.subarray(0, length) : undefined),
  };
  const view = coreView(NOTES, [mapped], memory);
  return { seen: () => view.withImage(mapped, () => true) ?? false };
}

describe('a file that a core names', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'libjvm.so');
  copyFileSync('/bin/true', path);
  const first = readFileSync(path).subarray(0, PAGE);

  it('is read if its first page equals the core’s', () => {
    expect(viewOf(path, first).seen()).toBe(true);
  });

  it('is not read if one byte differs, or the core does not store the page', () => {
    const other = Buffer.from(first);
    other[PAGE - 1]! ^= 1;
    expect(viewOf(path, other).seen()).toBe(false);
    expect(viewOf(path, undefined).seen()).toBe(false);
  });

  it('is not read if it is shorter than a page, missing, or not a regular file', () => {
    const short = join(folder, 'short');
    writeFileSync(short, first.subarray(0, 100));
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    for (const name of [short, fifo, folder, join(folder, 'gone'), '/dev/zero', ''])
      expect(viewOf(name, first).seen()).toBe(false);
  });
});

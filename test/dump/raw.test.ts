import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { oneRange } from '../../src/dump/dump.ts';
import { rawBytes } from '../../src/dump/raw.ts';
import { openTarget } from '../../src/index.ts';
import { noCoverage } from '../../src/memory/coverage.ts';
import { dump } from '../fixtures/dumps.ts';
import { fileOf, seededBytes } from '../fixtures/memory.ts';

import { MIB, PAGE, startPuppet } from '../fixtures/puppet.ts';

// On a disk: files on a tmpfs would count as memory.
const folder = mkdtempSync('/var/tmp/memscan-test-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a raw dump', () => {
  it('equals the memory of the range, with zeros where there is none', async () => {
    const puppet = await startPuppet();
    const length = 64 * MIB;
    const start = await puppet.area(length);
    const expected = Buffer.alloc(length);
    for (const [at, bytes] of [
      [0, seededBytes(3 * PAGE, 1)],
      [5 * MIB - 7, seededBytes(100_000, 2)],
      [40 * MIB, seededBytes(2 * MIB, 3)],
      [length - 10, seededBytes(10, 4)],
    ] as const) {
      bytes.copy(expected, at);
      await puppet.write(start + BigInt(at), bytes);
    }
    // The range begins and ends inside a page, and an unreadable region follows it.
    const range = { start: start + 5n, end: start + BigInt(length) + 100n };
    const path = join(folder, 'raw');
    const coverage = await dump(puppet.pid, path, { ranges: [range] }, 'raw');
    expect(Buffer.compare(readFileSync(path), Buffer.concat([expected.subarray(5), Buffer.alloc(100)]))).toBe(
      0,
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(path).blocks * 512).toBeLessThan(coverage.scanned + 64 * PAGE);
    expect(coverage.scanned).toBeLessThan(3 * MIB);
    expect(coverage.mapped).toBe(length - 5 + 100);

    const target = await openTarget(puppet.pid);
    const piped: Buffer[] = [];
    for await (const bytes of rawBytes(target, oneRange({ all: false, ranges: [range] }), noCoverage())) {
      piped.push(Buffer.from(bytes));
    }
    target.close();
    expect(Buffer.compare(Buffer.concat(piped), readFileSync(path))).toBe(0);
  });

  it('is not kept if the range has no memory', async () => {
    const puppet = await startPuppet();
    const start = await puppet.area(4 * PAGE);
    const path = join(folder, 'empty');
    const coverage = await dump(
      puppet.pid,
      path,
      { ranges: [{ start, end: start + 4n * BigInt(PAGE) }] },
      'raw',
    );
    expect(coverage.scanned).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  it('can be made from files and cores', async () => {
    const bytes = seededBytes(100_000, 5);
    const path = join(folder, 'of-a-file');
    await dump(fileOf(folder, bytes), path, { ranges: [{ start: 10n, end: 90_000n }] }, 'raw');
    expect(Buffer.compare(readFileSync(path), bytes.subarray(10, 90_000))).toBe(0);
  });

  it('needs one range', () => {
    expect(() => oneRange({ all: false, ranges: [] })).toThrow('a raw dump needs exactly one range');
  });
});

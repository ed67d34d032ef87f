import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { RoundsFile } from '../../src/content/rounds-file.ts';
import { encodeSnapshot } from '../../src/content/snapshot-file.ts';
import { withoutText } from '../../src/content/snapshot.ts';
import { MemscanError, openTarget, readSnapshots, type Snapshot, takeSnapshot } from '../../src/index.ts';
import { fileOf, seededBytes, temporaryFolder } from '../fixtures/memory.ts';
import { mountTmpfs } from '../fixtures/system.ts';

const root = temporaryFolder();
const MIB = 1 << 20;

let base: Snapshot;
beforeAll(async () => {
  const lines = Array.from({ length: 50 }, (_, i) => `Zebra-${i} password=${i}Quagga! Okapi`);
  const target = await openTarget(fileOf(root, Buffer.from(lines.join('\0'))));
  base = await takeSnapshot(target);
  target.close();
});

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'folder-'));
  path = join(folder, 'rounds');
});

const at = (time: number): Snapshot => ({ ...base, time });

/** A snapshot of about this many bytes. */
const wide = (time: number, bytes: number): Snapshot => ({
  ...base,
  time,
  families: Array.from({ length: bytes / 6000 }, (_, i) => ({
    ...base.families[0]!,
    key: i.toString(16).padStart(16, '0'),
    shape: seededBytes(4000, i + 1 + time)
      .toString('hex')
      .slice(0, 8000),
  })),
});

/** The times of all rounds in the file, read with zcat. */
const timesIn = (file: string): number[] =>
  execFileSync('zcat', { input: readFileSync(file), maxBuffer: 64 * MIB })
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as Snapshot).time);

async function written(...snapshots: readonly Snapshot[]): Promise<Buffer> {
  const file = RoundsFile.create(path, false);
  for (const snapshot of snapshots) await file.add(snapshot);
  file.close();
  return readFileSync(path);
}

describe('a file of rounds', () => {
  it('can be read after each round, has the first and the last, and is private to its owner', async () => {
    const file = RoundsFile.create(path, false);
    for (let time = 1; time <= 5; time++) {
      await file.add(at(time));
      expect(await readSnapshots(path)).toEqual({ first: at(1), last: at(time), count: time });
    }
    file.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(timesIn(path)).toEqual([1, 2, 3, 4, 5]);
  });

  it('never exceeds its size: the kept rounds are evenly spaced', async () => {
    const largest = 10.5 * encodeSnapshot(at(1000)).length;
    const file = RoundsFile.create(path, false, largest);
    for (let time = 1001; time <= 1100; time++) {
      await file.add(at(time));
      expect(statSync(path).size).toBeLessThanOrEqual(largest);
      const { first, last, count } = await readSnapshots(path);
      expect([first.time, last.time]).toEqual([1001, time]);
      expect(count).toBeGreaterThan(Math.min(4, time - 1001));
    }
    file.close();
    const times = timesIn(path);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    // Ten rounds fit, and thinning out leaves five, at most twice the even distance apart.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * (99 / 5));
    expect(readdirSync(folder)).toEqual(['rounds']);
  });

  it('stays bounded if the clock is set back', async () => {
    const largest = 10.5 * encodeSnapshot(at(1000)).length;
    const file = RoundsFile.create(path, false, largest);
    for (let i = 0; i < 40; i++) {
      const time = 1000 + ((i + 30) % 40);
      await file.add(at(time));
      expect(statSync(path).size).toBeLessThanOrEqual(largest);
      const { first, last } = await readSnapshots(path);
      expect([first.time, last.time]).toEqual([1030, time]);
    }
    file.close();
  });

  it('exists only after something was added', () => {
    RoundsFile.create(path, false).close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replaces another file only with force, and never through a link', async () => {
    const old = await written(at(1));
    expect(() => RoundsFile.create(path, false)).toThrow(/^not written over/);
    RoundsFile.create(path, true).close();
    expect(readFileSync(path)).toEqual(old);
    const file = RoundsFile.create(path, true);
    await file.add(at(7));
    file.close();
    expect((await readSnapshots(path)).first.time).toBe(7);
    const link = join(folder, 'link');
    symlinkSync(path, link);
    expect(() => RoundsFile.create(link, true)).toThrow('it is a link');
  });

  it('holds no text of rounds without text', async () => {
    await written(withoutText(at(1)), withoutText(at(2)));
    const json = execFileSync('zcat', { input: readFileSync(path) }).toString();
    expect(json).not.toMatch(/zebra|password|quagga|okapi/i);
    expect((await readSnapshots(path)).last.families.map(({ key }) => key)).toEqual(
      base.families.map(({ key }) => key),
    );
  });
});

describe('a file of rounds that was not written to its end', () => {
  it('has the complete rounds, wherever it is cut', async () => {
    const bytes = await written(at(1), at(2), at(3));
    const ends = [at(1), at(2), at(3)].map((snapshot) => encodeSnapshot(snapshot).length);
    for (const i of [1, 2]) ends[i]! += ends[i - 1]!;
    for (let length = 0; length <= bytes.length; length += 11) {
      writeFileSync(path, bytes.subarray(0, length));
      const outcome = await readSnapshots(path).catch((error: unknown) => error);
      const count = ends.filter((end) => end <= length).length;
      if (count === 0) expect(outcome).toMatchObject({ code: 'BAD_SNAPSHOT' });
      else expect(outcome).toEqual({ first: at(1), last: at(count), count });
    }
  });

  it.each([
    ['zeros', Buffer.alloc(5000)],
    ['anything', seededBytes(5000, 7)],
  ])('and ends with %s', async (_what, rest) => {
    const bytes = await written(at(1), at(2));
    writeFileSync(path, Buffer.concat([bytes, rest]));
    expect(await readSnapshots(path)).toMatchObject({ count: 2, last: at(2) });
    bytes.fill(0, bytes.length - 100);
    writeFileSync(path, bytes);
    expect(await readSnapshots(path)).toMatchObject({ count: 1, last: at(1) });
  });

  it('is refused or read, whatever is changed in it', async () => {
    const good = await written(at(1), at(2), at(3));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        async (changes) => {
          const bytes = Buffer.from(good);
          for (const [place, byte] of changes) bytes[place] = byte;
          writeFileSync(path, bytes);
          const outcome = await readSnapshots(path).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(MemscanError);
          else expect([1, 2, 3]).toContain((outcome as { count: number }).count);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a full disk', () => {
  it('rejects a round, keeps earlier ones, and takes the next when there is room', async ({ skip }) => {
    const undo = mountTmpfs(folder, 4 * MIB);
    if (typeof undo === 'string') skip(undo);
    else onTestFinished(undo);
    const file = RoundsFile.create(path, false);
    await file.add(at(1));
    await file.add(wide(2, MIB));
    const other = join(folder, 'other');
    writeFileSync(other, Buffer.alloc(4 * MIB - statSync(path).size - 300_000));
    await expect(file.add(wide(3, MIB))).rejects.toMatchObject({
      code: 'NO_ROOM',
      message: `a round was not kept in ${path}: there is no room left`,
    });
    expect(timesIn(path)).toEqual([1, 2]);
    rmSync(other);
    await file.add(wide(4, MIB));
    file.close();
    expect(timesIn(path)).toEqual([1, 2, 4]);
  });

  it('keeps all rounds if it prevents their thinning out', async ({ skip }) => {
    const undo = mountTmpfs(folder, 4 * MIB);
    if (typeof undo === 'string') skip(undo);
    else onTestFinished(undo);
    const file = RoundsFile.create(path, false, 3 * MIB);
    for (let time = 1; time <= 4; time++) await file.add(wide(time, 700_000));
    const before = timesIn(path);
    writeFileSync(join(folder, 'other'), Buffer.alloc(3.5 * MIB - statSync(path).size));
    await expect(file.add(wide(5, 1_400_000))).rejects.toMatchObject({ code: 'NO_ROOM' });
    expect(timesIn(path)).toEqual(before);
    expect(readdirSync(folder).toSorted()).toEqual(['other', 'rounds']);
    file.close();
  });
});

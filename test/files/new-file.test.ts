import { execFileSync } from 'node:child_process';
import {
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { checkRoom, NewFile } from '../../src/files/new-file.ts';
import { dump } from '../fixtures/dumps.ts';
import { temporaryFolder } from '../fixtures/memory.ts';
import { MIB, startPuppet } from '../fixtures/puppet.ts';
import { mountTmpfs, type Undo } from '../fixtures/system.ts';

const root = temporaryFolder();

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'folder-'));
  path = join(folder, 'dump');
});

const bytes = Buffer.from('memory');

async function fill(force: boolean): Promise<NewFile> {
  const file = NewFile.create(path, force);
  await file.write({ bytes, position: 2 });
  return file;
}

const refused = (reason: string): unknown =>
  expect.objectContaining({ code: 'FILE_EXISTS', message: `not written over ${path}: ${reason}` });

describe('a new file', () => {
  it('is readable only by its owner', async () => {
    (await fill(false)).keep();
    expect(readFileSync(path)).toEqual(Buffer.concat([Buffer.alloc(2), bytes]));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is removed when it is discarded, and stays once it was kept', async () => {
    const file = await fill(false);
    file.discard();
    file.discard();
    expect(readdirSync(folder)).toEqual([]);
    const another = await fill(false);
    another.keep();
    another.discard();
    expect(readdirSync(folder)).toEqual(['dump']);
  });

  it('does not overwrite another', () => {
    writeFileSync(path, 'precious');
    expect(() => NewFile.create(path, false)).toThrow(refused('it exists'));
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it.each([false, true])('follows no link (force: %j)', (force) => {
    const target = join(folder, 'precious');
    symlinkSync(target, path);
    expect(() => NewFile.create(path, force)).toThrow(refused('it is a link'));
    writeFileSync(target, 'precious');
    expect(() => NewFile.create(path, force)).toThrow(refused('it is a link'));
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  it.each([false, true])('replaces no folder and no FIFO (force: %j)', (force) => {
    mkdirSync(path);
    expect(() => NewFile.create(path, force)).toThrow(refused('it is not a regular file'));
    path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    expect(() => NewFile.create(path, force)).toThrow(refused('it is not a regular file'));
  });

  it('needs an existing folder', () => {
    path = join(folder, 'no', 'such', 'dump');
    expect(() => NewFile.create(path, true)).toThrow(`cannot write ${path}: ENOENT`);
  });

  it('does not touch a file that replaced it', async () => {
    const file = await fill(false);
    const moved = join(folder, 'moved');
    renameSync(path, moved);
    writeFileSync(path, 'precious');
    file.discard();
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect(statSync(moved).size).toBe(0);
  });
});

describe('--force', () => {
  beforeEach(() => writeFileSync(path, 'old', { mode: 0o644 }));

  it('replaces a file of one’s own atomically', async () => {
    const file = await fill(true);
    expect(readFileSync(path, 'utf8')).toBe('old');
    file.keep();
    expect(readFileSync(path)).toEqual(Buffer.concat([Buffer.alloc(2), bytes]));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['dump']);
  });

  it('leaves the file unchanged if the dump fails', async () => {
    (await fill(true)).discard();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['dump']);
  });

  it('does not replace a file that has another name', () => {
    linkSync(path, join(folder, 'another name'));
    expect(() => NewFile.create(path, true)).toThrow(refused('it has other names, too (hard links)'));
  });

  it('does not replace a file of another user', ({ skip }) => {
    skip(process.getuid!() !== 0, 'only root can give files away');
    chownSync(path, 12345, 12345);
    expect(() => NewFile.create(path, true)).toThrow(refused('it belongs to user 12345'));
  });

  it('does not replace a file that appeared meanwhile', async () => {
    const file = await fill(true);
    renameSync(path, join(folder, 'moved'));
    symlinkSync('moved', path);
    expect(() => file.keep()).toThrow(refused('it became another file during the dump'));
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['dump', 'moved']);
  });
});

describe('a full disk', () => {
  let undo: Undo | string;
  beforeEach(() => void (undo = mountTmpfs(folder, 8 * MIB)));
  afterEach(() => (typeof undo === 'string' ? undefined : undo()));

  it('is reported before anything is written', async ({ skip }) => {
    if (typeof undo === 'string') skip(undo);
    await expect(checkRoom(path, 7 * MIB)).resolves.toBeUndefined();
    await expect(checkRoom(path, 9 * MIB)).rejects.toMatchObject({
      code: 'NO_ROOM',
      message: `cannot write ${path}: it takes 9 MiB, and 8 MiB are free`,
    });
    const puppet = await startPuppet();
    await puppet.touch(await puppet.area(16 * MIB), 16 * MIB);
    await expect(dump(puppet.pid, path)).rejects.toMatchObject({ code: 'NO_ROOM' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that fills up during a dump is reported, and nothing is kept', async ({ skip }) => {
    if (typeof undo === 'string') skip(undo);
    const puppet = await startPuppet();
    await puppet.touch(await puppet.area(7 * MIB), 7 * MIB);
    const dumping = expect(dump(puppet.pid, path)).rejects.toMatchObject({
      code: 'NO_ROOM',
      message: `cannot write ${path}: there is no room left; nothing was kept`,
    });
    const other = join(folder, 'other');
    while (!lstatSync(path, { throwIfNoEntry: false })) await new Promise(setImmediate);
    writeFileSync(other, Buffer.alloc(4 * MIB));
    await dumping;
    expect(readdirSync(folder)).toEqual(['other']);
  });
});

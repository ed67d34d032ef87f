import { beforeAll, describe, expect, it } from 'vitest';

import { countStrings, openTarget, type Target } from '../../src/index.ts';
import { LARGEST_READ } from '../../src/native/constants.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';
import { PAGE } from '../fixtures/puppet.ts';

const folder = temporaryFolder();

let file: Target;
let self: Target;
beforeAll(async () => {
  file = await openTarget(fileOf(folder, Buffer.from('text')));
  self = await openTarget(process.pid);
  return () => [file, self].forEach((target) => target.close());
});

const badOption = expect.objectContaining({ name: 'MemscanError', code: 'BAD_OPTION' });

describe('a read of a target', () => {
  it.each([-1, 0, 0.5, NaN, Infinity, 1e12, LARGEST_READ + 1, '4' as unknown as number])(
    'rejects a length of %s',
    (length) => {
      for (const target of [file, self]) expect(() => target.read(0n, length)).toThrow(badOption);
    },
  );

  it.each([-1n, 2n ** 64n, 2n ** 65n, 0 as unknown as bigint, undefined as unknown as bigint])(
    'rejects the address %s',
    (address) => {
      for (const target of [file, self]) expect(() => target.read(address, 1)).toThrow(badOption);
    },
  );

  it('limits the bytes at all addresses together', () => {
    const addresses = Array.from({ length: 1024 }, (_, i) => BigInt(i * PAGE));
    expect(() => self.readEach!(addresses, LARGEST_READ / 1024 + 1)).toThrow(badOption);
    expect(file.readEach!(addresses, 4).filter(Boolean)).toEqual([Buffer.from('text')]);
  });

  it('returns nothing at the end of the address space', () => {
    for (const target of [file, self]) {
      expect(target.read(2n ** 64n - 1n, 1)).toBeUndefined();
      expect(target.read(2n ** 64n - 1n, 2)).toBeUndefined();
    }
  });
});

describe('a file that is closed', () => {
  it('cannot be read', async () => {
    const path = fileOf(folder, Buffer.from('text'));
    const target = await openTarget(path);
    target.close();
    const closed = { name: 'MemscanError', code: 'TARGET_CLOSED', message: `the file ${path} was closed` };
    expect(() => target.read(0n, 1)).toThrow(expect.objectContaining(closed));
    await expect(countStrings(target)).rejects.toMatchObject(closed);
  });
});

describe('the addon’s readEach()', () => {
  it.each([-1, LARGEST_READ + 1, 1e12, 2 ** 62])('rejects a length of %s', (length) => {
    const at = BigUint64Array.of(0n);
    expect(() => file.source.readEach(at, length, false)).toThrow(RangeError);
  });
});

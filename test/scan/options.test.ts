import { beforeAll, describe, expect, it } from 'vitest';

import { countStrings, openTarget, scanStrings, type StringOptions, type Target } from '../../src/index.ts';
import { addon } from '../../src/native/addon.ts';
import { chooseKernel } from '../../src/native/kernels.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();

let target: Target;
beforeAll(async () => {
  target = await openTarget(fileOf(folder, Buffer.from('a line of text\0')));
  return () => target.close();
});

/** Values of any type, as JavaScript may pass them. */
type Given = Readonly<Partial<Record<keyof StringOptions, unknown>>>;

describe('options of a scan', () => {
  it.each<[Given, string]>([
    [{ encoding: [undefined] }, 'no encoding given'],
    [{ encoding: [] }, 'no encoding given'],
    [{ encoding: ['utf8', undefined] }, 'unknown encoding: undefined'],
    [{ encoding: 5 }, 'unknown encoding: 5'],
    [{ mode: 'nothing' }, 'bad mode: nothing'],
    [{ find: 'url' }, 'bad find: url'],
    [{ find: [undefined] }, 'unknown pattern: undefined'],
    [{ only: ['x'] }, 'unknown kind of region: x'],
    [{ only: 'heap' }, 'bad only: heap'],
    [{ skip: ['heap', undefined] }, 'unknown kind of region: undefined'],
    [{ larger: NaN }, 'bad larger: NaN'],
    [{ larger: '1' }, 'bad larger: 1'],
    [{ ranges: 5 }, 'bad ranges: 5'],
    [{ ranges: [undefined] }, 'bad range: undefined to undefined'],
    [{ ranges: [{ start: 1, end: 2 }] }, 'bad range: 1 to 2'],
    [{ ranges: [{ start: 2n, end: 1n }] }, 'bad range: 2 to 1'],
    [{ ranges: [{ start: 0n, end: 2n ** 64n }] }, 'bad range: 0 to 18446744073709551616'],
  ])('are refused: %o', async (options, message) => {
    await expect(countStrings(target, options as StringOptions)).rejects.toMatchObject({
      name: 'MemscanError',
      code: 'BAD_OPTION',
      message,
    });
  });
});

describe('a signal', () => {
  it.each([8, undefined])('is heeded between two strings, with a chunkSize of %s', async (chunkSize) => {
    const lines = await openTarget(fileOf(folder, Buffer.from('a line of text\0'.repeat(1000))));
    const controller = new AbortController();
    const reason = new Error('enough');
    const options = { signal: controller.signal, ...(chunkSize && { chunkSize }) };
    let found = 0;
    const scan = async (): Promise<void> => {
      for await (const _ of scanStrings(lines, options)) if (++found === 5) controller.abort(reason);
    };
    await expect(scan()).rejects.toBe(reason);
    expect(found).toBe(5);
    lines.close();
  });
});

describe('the addon’s scan', () => {
  it('needs at least one encoding', () => {
    const options = { kernel: chooseKernel(), minLength: 1, conditions: [], unmet: false } as const;
    expect(() => new addon.Scan({ ...options, encodings: [], output: 'count' })).toThrow(/has an encoding/);
  });
});

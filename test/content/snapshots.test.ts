import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';

import { MemscanError } from '../../src/base/errors.ts';
import { familyKey } from '../../src/content/family-key.ts';
import { MOST_FAMILIES, MOST_REGIONS } from '../../src/content/snapshot.ts';
import {
  compareSnapshots,
  type Comparison,
  openTarget,
  readSnapshot,
  type Snapshot,
  type SnapshotFamily,
  type SnapshotOptions,
  takeSnapshot,
  writeSnapshot,
} from '../../src/index.ts';
import { compile } from '../fixtures/compile.ts';
import { fileOf, memoryOf, temporaryFolder } from '../fixtures/memory.ts';
import { startTarget } from '../fixtures/process.ts';

const root = temporaryFolder();

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(root, 'folder-')), 'snapshot');
});

async function snapshotOf(target: number | string, options: SnapshotOptions = {}): Promise<Snapshot> {
  const open = await openTarget(target);
  try {
    return await takeSnapshot(open, options);
  } finally {
    open.close();
  }
}

const linesFile = (...lines: string[]): string =>
  fileOf(root, Buffer.from(lines.map((line) => `${line}\0`).join('')));

const MIB = 1 << 20;
const PUSH = '42["push",{"channel":"websocket","userId":<n>,"unread":<n>}]';
const LOG = 'the worker has accepted a connection on port <n> from another host';

/** Compares as if the second snapshot had been taken `seconds` after the first. */
const compareAfter = (first: Snapshot, second: Snapshot, seconds: number): Comparison =>
  compareSnapshots({ ...first, time: 0 }, { ...second, time: 1000 * seconds });

describe('growth', () => {
  it('is reported by kind, region, page and family, per minute', async () => {
    const grow = await startTarget(compile('grow'));
    const before = Number(await grow.send('push 20000'));
    const first = await snapshotOf(grow.pid);
    const grown = Number(await grow.send('push 80000')) - before;
    const second = await snapshotOf(grow.pid);
    const { seconds, notes, resident, text, kinds, regions, classes, families } = compareAfter(
      first,
      second,
      30,
    );

    expect([seconds, notes]).toEqual([30, []]);
    expect(families[0]).toMatchObject({ shape: PUSH, error: 0 });
    expect(Math.abs(families[0]!.growth - grown)).toBeLessThan(0.01 * grown);
    expect(Math.abs(families[0]!.strings - 80_000)).toBeLessThan(100);
    expect(families[0]!.perMinute).toBe(2 * families[0]!.growth);
    expect(text.growth).toBeGreaterThan(0.99 * grown);
    // A malloc block takes 16 to 31 bytes more.
    for (const change of [kinds[0]!, regions[0]!, resident]) {
      expect(change.growth).toBeGreaterThan(grown);
      expect(change.growth).toBeLessThan(1.6 * grown + MIB);
      expect(change.growth).toBe(change.after - change.before);
    }
    expect([kinds[0]!.kind, regions[0]!.kind, classes[0]!.class]).toEqual(['heap', 'heap', 'text']);
    expect(regions[0]!.pathname).toBe('[heap]');
  });

  it('is reported only for the selected kinds of regions', async () => {
    const grow = await startTarget(compile('grow'));
    const choices = [{ only: ['anon'] }, { skip: ['heap', 'file'] }] as const;
    const first = await Promise.all(choices.map((choice) => snapshotOf(grow.pid, choice)));
    await grow.send('push 20000');
    await grow.send(`map ${MIB}`);
    for (const [i, choice] of choices.entries()) {
      const { kinds, regions } = compareAfter(first[i]!, await snapshotOf(grow.pid, choice), 1);
      expect(kinds.map(({ kind }) => kind)).toEqual(['anon']);
      expect(new Set(regions.map(({ kind }) => kind))).toEqual(new Set(['anon']));
    }
  });

  it('is sorted from the largest growth to the largest shrinkage', async () => {
    const grow = await startTarget(compile('grow'));
    await grow.send('push 50000');
    const first = await snapshotOf(grow.pid);
    await grow.send('drop');
    await grow.send('log 10000');
    await grow.send(`map ${8 * MIB}`);
    const comparison = compareAfter(first, await snapshotOf(grow.pid), 60);
    expect(comparison.families[0]).toMatchObject({ shape: LOG, before: 0 });
    expect(comparison.families.at(-1)).toMatchObject({ shape: PUSH });
    expect(comparison.families.at(-1)!.growth).toBeLessThan(-2 * MIB);
    expect(comparison.kinds[0]).toMatchObject({ kind: 'anon' });
    expect(comparison.kinds[0]!.growth).toBeGreaterThanOrEqual(8 * MIB);
    expect(comparison.regions[0]!.growth).toBeGreaterThanOrEqual(8 * MIB);
    expect(comparison.classes.map((row) => row.class)).toContain('repeated');
    const growths = comparison.families.map(({ growth }) => growth);
    expect(growths).toEqual(growths.toSorted((a, b) => b - a));
  });

  it('is reported with its arenas', async () => {
    const grow = await startTarget(compile('grow'));
    const first = await snapshotOf(grow.pid);
    const before = Number(await grow.send('push 1'));
    let after = before;
    for (let thread = 0; thread < 3; thread++) after = Number(await grow.send('spread 10000'));
    const { families } = compareAfter(first, await snapshotOf(grow.pid), 60);
    expect(families[0]!.shape).toBe('{"type":"order","number":<n>,"state":"waits for its payment"}');
    expect(families[0]!.arenas).toEqual([1, 2, 3]);
    expect(families[0]!.locations.arena! / (after - before)).toBeCloseTo(1, 2);
    expect(families.find(({ shape }) => shape === PUSH)?.arenas ?? []).toEqual([]);
  });

  it('recognizes a family after it was freed, by what malloc left of its strings', async () => {
    const grow = await startTarget(compile('grow'));
    const kept = Number(await grow.send('push 50000'));
    const first = await snapshotOf(grow.pid);
    await grow.send('free');
    const { families } = compareAfter(first, await snapshotOf(grow.pid), 60);
    const pushes = families.filter(({ before, after }) => Math.max(before, after) > kept / 2);
    expect(pushes.length).toBe(1);
    expect(pushes[0]).toMatchObject({ shape: PUSH });
    expect(pushes[0]!.growth).toBeLessThan(-7 * 50_000);
  });

  it('is empty if nothing changed', async () => {
    const file = linesFile('a text that stays', 'another text of 12 words');
    const [first, second] = [await snapshotOf(file), await snapshotOf(file)];
    const { kinds, classes, regions, families, notes } = compareAfter(first, second, 1);
    expect([kinds, classes, regions, families, notes]).toEqual([[], [], [], [], []]);
  });

  it('omits the regions of two processes, and notes that there are two', async () => {
    const [one, other] = [await startTarget(compile('grow')), await startTarget(compile('grow'))];
    await other.send('push 5000');
    const { regions, families, notes } = compareAfter(
      await snapshotOf(one.pid),
      await snapshotOf(other.pid),
      60,
    );
    expect(regions).toEqual([]);
    expect(families[0]!.shape).toBe(PUSH);
    expect(notes).toEqual([
      `two targets: process ${one.pid} (grow), then process ${other.pid} (grow); regions are not compared`,
    ]);
  });

  it('notes everything else that makes two snapshots incomparable', async () => {
    const file = linesFile('a text', 'and another one');
    const [first, second] = [await snapshotOf(file), await snapshotOf(file, { min: 4, only: ['file'] })];
    expect(compareSnapshots({ ...first, time: 5 }, { ...second, time: 5 }).notes).toEqual([
      'taken with other options: --min 10 --encoding utf8, then --min 4 --encoding utf8 --only file',
      'the second is not the later one: no growth per minute',
    ]);
    const change = compareSnapshots({ ...first, time: 5 }, { ...second, time: 5 }).text;
    expect(change).not.toHaveProperty('perMinute');
  });
});

const family = (key: string, bytes: number, shape?: string): SnapshotFamily => ({
  key: key.padStart(16, '0'),
  ...(shape !== undefined && { shape }),
  strings: 1,
  bytes,
  error: 0,
  distinct: 1,
  locations: {},
  arenas: [],
  samples: shape === undefined ? [] : [{ address: 1n, length: 40, text: shape.replace('<n>', '15') }],
});

describe('two snapshots', () => {
  let base: Snapshot;
  beforeEach(async () => {
    base = { ...(await snapshotOf(linesFile('one text of a file'))), families: [], regions: [] };
  });

  it('have families in common by key, then by shape', () => {
    const pushes = ['42["push",{"userId":<n>,"unread":<n>}]', ',{"userId":<n>,"unread":<n>}]'] as const;
    const first = [
      family('a', 10, 'one <n>'),
      family('b', 20, pushes[0]),
      family('c', 30, 'three'),
      family('f', 7),
    ];
    const second = [
      family('a', 15, 'one <str>'),
      family('d', 26, pushes[1]),
      family('e', 3, 'four'),
      family('f', 8),
    ];
    const { families } = compareSnapshots({ ...base, families: first }, { ...base, families: second });
    expect(families.map(({ shape, growth }) => [shape, growth])).toEqual([
      [pushes[1], 6],
      ['one <str>', 5],
      ['four', 3],
      [undefined, 1],
      ['three', -30],
    ]);
  });

  it('have regions in common that overlap, whichever end grew', () => {
    const region = (start: bigint, end: bigint, resident: number, kind: 'anon' | 'heap' = 'anon') => ({
      start,
      end,
      kind,
      facts: {},
      pathname: '',
      resident,
    });
    const first = [
      region(10n, 20n, 5),
      region(20n, 30n, 5, 'heap'),
      region(40n, 50n, 1),
      region(60n, 61n, 3),
    ];
    const second = [region(5n, 20n, 9), region(20n, 35n, 12, 'heap'), region(39n, 60n, 2)];
    const { regions } = compareSnapshots({ ...base, regions: first }, { ...base, regions: second });
    expect(regions.map(({ start, end, growth }) => [start, end, growth])).toEqual([
      [20n, 35n, 7],
      [5n, 20n, 4],
      [39n, 60n, 1],
      [60n, 61n, -3],
    ]);
  });
});

describe('a key', () => {
  it('is the same for all samples of a family', async () => {
    await fc.assert(
      fc.asyncProperty(memoryOf(100), async (bytes) => {
        const { families } = await snapshotOf(fileOf(root, bytes));
        for (const { key, samples } of families) {
          expect(samples.map(({ text }) => familyKey(text))).toEqual(samples.map(() => key));
        }
        expect(new Set(families.map(({ key }) => key)).size).toBe(families.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a snapshot’s file', () => {
  it('holds the whole snapshot, private to its owner', async () => {
    const grow = await startTarget(compile('grow'));
    await grow.send('push 5000');
    const snapshot = await snapshotOf(grow.pid);
    await writeSnapshot(snapshot, path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readSnapshot(path)).toEqual(snapshot);
    expect(snapshot.kinds.find(({ kind }) => kind === 'heap')!.resident).toBeGreaterThan(0);
    expect(snapshot.families[0]!.locations).toHaveProperty('heap');
  });

  it('never replaces another file, nor writes through a link', async () => {
    const snapshot = await snapshotOf(linesFile('a text'));
    writeFileSync(path, 'precious');
    await expect(writeSnapshot(snapshot, path)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(readFileSync(path, 'utf8')).toBe('precious');
    const link = `${path}-link`;
    symlinkSync(path, link);
    for (const force of [false, true])
      await expect(writeSnapshot(snapshot, link, { force })).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    chmodSync(path, 0o644);
    await writeSnapshot(snapshot, path, { force: true });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readSnapshot(path)).toEqual(snapshot);
  });

  it('holds no text if none is to be kept', async () => {
    const secret = Array.from({ length: 50 }, (_, i) => `Zebra-${i} password=${i}Quagga! Okapi`);
    const file = linesFile(...secret, 'Tapir Tapir Tapir');
    const keep = await snapshotOf(file);
    expect(keep.families.flatMap(({ samples }) => samples).length).toBeGreaterThan(0);
    const snapshot = await snapshotOf(file, { samples: false });
    await writeSnapshot(snapshot, path);
    const json = gunzipSync(readFileSync(path)).toString();
    expect(json).not.toMatch(/zebra|password|quagga|okapi|tapir/i);
    expect(snapshot.families.length).toBe(keep.families.length);
    const { families } = compareSnapshots(snapshot, { ...keep, families: keep.families.slice(1) });
    expect(families.length).toBe(1);
  });

  it('is 2 MiB at most, whatever the target holds', async () => {
    const base = await snapshotOf(linesFile('a text'));
    let state = 1;
    const random = (length: number): string =>
      Array.from({ length }, () => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return String.fromCodePoint(0x20000 + ((state >>> 16) % 0xa000));
      }).join('');
    const sample = () => ({ address: 2n ** 64n - 1n, length: 192, text: random(48) });
    const families = Array.from({ length: MOST_FAMILIES }, (_, i) => ({
      ...family(i.toString(16), i, random(32)),
      samples: [sample(), sample(), sample()],
    }));
    const regions = Array.from({ length: MOST_REGIONS }, (_, i) => ({
      start: BigInt(i) << 20n,
      end: BigInt(i + 1) << 20n,
      kind: 'file' as const,
      facts: { thread: { id: 1, name: random(50) } },
      pathname: random(50),
      resident: i,
    }));
    await writeSnapshot({ ...base, families, regions }, path);
    expect(statSync(path).size).toBeLessThanOrEqual(2 * MIB);
    const read = await readSnapshot(path);
    expect(read.regions).toEqual(regions);
    expect(read.families).toEqual(families.slice(0, read.families.length));
    expect(read.families.length).toBeGreaterThan(MOST_FAMILIES / 4);
  });
});

describe('a hostile file', () => {
  let good: Buffer;
  let json: Record<string, unknown>;
  beforeEach(async () => {
    await writeSnapshot(await snapshotOf(linesFile('a text of a file', 'and 123 others')), path);
    good = readFileSync(path);
    json = JSON.parse(gunzipSync(good).toString()) as Record<string, unknown>;
  });

  const refused = async (bytes: Buffer | object): Promise<string> => {
    writeFileSync(path, Buffer.isBuffer(bytes) ? bytes : gzipSync(JSON.stringify(bytes)));
    const error = await readSnapshot(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MemscanError);
    return (error as MemscanError).message;
  };

  it('is refused if it is cut short, or is not a snapshot', async () => {
    for (let length = 0; length < good.length; length += 7) await refused(good.subarray(0, length));
    expect(await refused(Buffer.from('no gzip'))).toContain(
      'is not a snapshot: it is damaged, or something else',
    );
    expect(await refused(gzipSync('[[[['.repeat(100_000)))).toContain('damaged');
    expect(await refused(gzipSync('null'))).toContain('it is not an object');
  });

  it('is refused if it is a bomb, or too large', async () => {
    expect(await refused(gzipSync(Buffer.alloc(64 * MIB, ' ')))).toContain('is not a snapshot');
    expect(await refused(Buffer.alloc(16 * MIB + 1))).toContain('it is larger than 16 MiB');
  });

  it('is read if it has the first format, which had no arenas', async () => {
    const families = (json['families'] as Record<string, unknown>[]).map((family) =>
      Object.fromEntries(Object.entries(family).filter(([name]) => name !== 'arenas')),
    );
    writeFileSync(path, gzipSync(JSON.stringify({ ...json, families, format: 1 })));
    const { families: read } = await readSnapshot(path);
    expect(read.length).toBe(families.length);
    for (const { arenas } of read) expect(arenas).toEqual([]);
  });

  it('is read if it has the second format, whose regions had a detail in words', async () => {
    const place = { start: '0x1000', end: '0x2000', pathname: '', resident: 4096 };
    const old = (kind: string, detail: string) => ({ ...place, kind, detail });
    const regions = [old('arena', '3'), old('thread-stack', '12 worker one'), old('anon', 'whatever it was')];
    writeFileSync(path, gzipSync(JSON.stringify({ ...json, regions, format: 2 })));
    expect((await readSnapshot(path)).regions.map(({ facts }) => facts)).toEqual([
      { arena: 3 },
      { thread: { id: 12, name: 'worker one' } },
      {},
    ]);
  });

  it('is refused if it has a later format', async () => {
    expect(await refused({ ...json, format: 7, memscan: '9.9.9' })).toMatch(
      /is a snapshot of format 7, by memscan 9\.9\.9; this memscan, .*, reads formats up to 3$/,
    );
  });

  it.each([
    ['time', -1],
    ['time', 8.64e15 + 1],
    ['resident', 1.5],
    ['text', null],
    ['classes', {}],
    ['kinds', [{ kind: 'swamp', count: 1, size: 1, resident: 1, swapped: 0 }]],
    ['regions', [{ start: '12', end: '0x1', kind: 'anon', facts: {}, pathname: '', resident: 0 }]],
    [
      'regions',
      [{ start: '0x1', end: '0x2', kind: 'anon', facts: { arena: [] }, pathname: '', resident: 0 }],
    ],
    ['families', Array.from({ length: 5000 }, () => family('a', 1))],
    ['families', [{ ...family('a', 1), key: '../../etc/passwd' }]],
    ['families', [{ ...family('a', 1), shape: 'x'.repeat(9000) }]],
    ['families', [{ ...family('a', 1), arenas: [1.5] }]],
    ['families', [{ ...family('a', 1), arenas: Array(65).fill(1) }]],
    ['families', [{ ...family('a', 1), samples: [{ address: '0xzz', length: 1, text: '' }] }]],
    ['target', { kind: 'process', name: 1, title: '' }],
  ])('is refused if a field is invalid: %s', async (name, value) => {
    expect(await refused({ ...json, [name]: value })).toContain(`is not a snapshot: it.${name}`);
  });

  it('yields only the fields of a snapshot, and changes no prototype', async () => {
    const text = JSON.stringify(json).replace(
      '{',
      '{"__proto__":{"evil":1},"constructor":{"x":1},"more":[1],',
    );
    writeFileSync(path, gzipSync(text.replaceAll('"places":{', '"places":{"__proto__":5,"toString":3,')));
    const snapshot = await readSnapshot(path);
    expect(Object.keys(snapshot)).toEqual(
      Object.keys(json).filter((key) => key !== 'memscan' && key !== 'format'),
    );
    expect(Object.keys(snapshot.families[0]!.locations)).toEqual(['file']);
    expect(({} as { evil?: number }).evil).toBeUndefined();
    expect(Object.getPrototypeOf(snapshot)).toBe(Object.prototype);
  });

  it('is refused or read, whatever is changed in it', async () => {
    const text = gunzipSync(good);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(text.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (changes, isZipped) => {
          const bytes = Buffer.from(isZipped ? good : text);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          writeFileSync(path, isZipped ? bytes : gzipSync(bytes));
          const outcome = await readSnapshot(path).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(MemscanError);
          else expect(() => compareSnapshots(outcome as Snapshot, outcome as Snapshot)).not.toThrow();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is refused, or read and compared, whatever its fields contain', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>(-1, 2 ** 53, 1e308, '0x0', `0x${'f'.repeat(16)}`, '\u001b[2J', 'file', {}, []),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 4 }), async (lies) => {
        const changed = structuredClone(json);
        for (const [number, lie] of lies) {
          const values = valuesIn(changed);
          const [holder, name] = values[number % values.length]!;
          holder[name] = lie;
        }
        writeFileSync(path, gzipSync(JSON.stringify(changed)));
        const outcome = await readSnapshot(path).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(MemscanError);
        else compareSnapshots(outcome as Snapshot, await snapshotOf(linesFile('a text of a file')));
      }),
      { numRuns: 200 },
    );
  });

  it('cannot be a FIFO, a folder or a missing file', async () => {
    await expect(readSnapshot(root)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(readSnapshot(join(root, 'none'))).rejects.toMatchObject({ code: 'NO_SUCH_FILE' });
    expect(readdirSync(root)).not.toContain('none');
  });
});

/** Every value in a JSON tree, with its holder. */
function valuesIn(tree: Record<string, unknown>): [Record<string, unknown>, string][] {
  return Object.entries(tree).flatMap(([name, value]) => {
    const inside = typeof value === 'object' && value !== null;
    return [[tree, name], ...(inside ? valuesIn(value as Record<string, unknown>) : [])];
  });
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  type FoundString,
  openTarget,
  type Range,
  scanStrings,
  type StringOptions,
} from '../../src/index.ts';
import {
  CHUNK_SIZES,
  expectPlaced,
  type PlacedString,
  type Placement,
  rangeAt,
  WAYS,
  withWay,
} from '../fixtures/agreement.ts';
import { untilState } from '../fixtures/footprint.ts';

import { Advice, MIB, PAGE, type Puppet, startPuppet } from '../fixtures/puppet.ts';

// Files must be on a disk: a tmpfs would be memory.
const folder = mkdtempSync('/var/tmp/memscan-test-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CHINESE = '一条未读消息：你好，世界';
const MIXED = '你😀é';

/** Writes `text` across each edge so that 0, 1, 2 … all of its bytes are before the edge. */
async function placeOverEdges(
  puppet: Puppet,
  edge: number,
  text: string,
  chunkSizes = CHUNK_SIZES,
): Promise<Placement> {
  const bytes = Buffer.byteLength(text);
  const length = (bytes + 2) * edge;
  const area = await puppet.area(length);
  await puppet.touch(area, length);
  const strings: PlacedString[] = [];
  for (let before = 0; before <= bytes; before++) {
    strings.push({ address: area + BigInt((before + 1) * edge - before), text });
    await puppet.write(strings.at(-1)!.address, text);
  }
  return { ranges: [rangeAt(area, length)], strings, min: Math.min(10, [...text].length), chunkSizes };
}

/** Text that fills one page to its end and the next page, and begins the third. */
const MIDDLE = 'middle'.padEnd(PAGE, '-middle');

/** Three pages with text across all of them, then a change to the second. */
async function placeAround(
  puppet: Puppet,
  change: (page: bigint) => Promise<void>,
  joined: boolean,
): Promise<Placement> {
  const area = await puppet.area(3 * PAGE);
  const page = area + BigInt(PAGE);
  const left = 'ends at a hole';
  const right = 'begins behind a hole';
  const address = page - BigInt(left.length);
  await puppet.write(address, left + MIDDLE + right);
  await change(page);
  const strings = joined
    ? [{ address, text: left + MIDDLE + right }]
    : [
        { address, text: left },
        { address: page + BigInt(PAGE), text: right },
      ];
  return { ranges: [rangeAt(area, 3 * PAGE)], strings };
}

/** A mapping of a file whose pages hold text, all of them in the page tables. */
async function placeFile(puppet: Puppet, name: string, pages: readonly string[]): Promise<bigint> {
  const path = join(folder, name);
  writeFileSync(
    path,
    Buffer.concat(pages.map((text) => Buffer.concat([Buffer.from(text), Buffer.alloc(PAGE)], PAGE))),
  );
  const fd = await puppet.openFile(path);
  const area = await puppet.map(pages.length * PAGE, { fd, prot: 'rw' });
  await puppet.tell('read', area, pages.length * PAGE);
  return area;
}

async function placeOne(puppet: Puppet, address: bigint, length: number, text: string): Promise<Placement> {
  await puppet.write(address, text);
  return { ranges: [rangeAt(address, length)], strings: [{ address, text }] };
}

const LARGE_CHUNKS = [65537, undefined];

type Scenario = readonly [name: string, place: (puppet: Puppet) => Promise<Placement>];

const EDGES: Scenario[] = [
  ['ASCII over page edges', (puppet) => placeOverEdges(puppet, PAGE, 'a page edge')],
  ['Chinese over page edges, at each byte', (puppet) => placeOverEdges(puppet, PAGE, CHINESE)],
  ['emoji over page edges, at each byte', (puppet) => placeOverEdges(puppet, PAGE, '😀👨‍👩‍👧🇩🇪🏴‍☠️ ok')],
  [
    'characters of all lengths over edges of 2 MiB',
    (puppet) => placeOverEdges(puppet, 2 * MIB, MIXED, LARGE_CHUNKS),
  ],
  ['ASCII over edges of 2 MiB', (puppet) => placeOverEdges(puppet, 2 * MIB, 'edges', LARGE_CHUNKS)],
  [
    'the last bytes before a page that cannot be read, and the first behind one',
    async (puppet) => {
      const area = await puppet.area(PAGE);
      const strings = [
        { address: area, text: 'the first bytes' },
        { address: area + BigInt(PAGE - 14), text: 'the last bytes' },
      ];
      for (const { address, text } of strings) await puppet.write(address, text);
      return { ranges: [rangeAt(area - BigInt(PAGE), 3 * PAGE)], strings };
    },
  ],
];

const LENGTHS = [1, 2, 9, 10, 63, 64, 65, 4095, 4096, 4097, MIB];

/** Strings of many lengths, three zeros apart. */
async function placeLengths(puppet: Puppet, min: number, lengths = LENGTHS): Promise<Placement> {
  const length = lengths.reduce((sum, bytes) => sum + bytes + 3, 0);
  const area = await puppet.area(Math.ceil(length / PAGE) * PAGE);
  const strings: PlacedString[] = [];
  let address = area;
  for (const bytes of lengths) {
    const unit = `length ${bytes} `;
    await puppet.repeat(address, bytes, unit);
    strings.push({ address, text: unit.repeat(Math.ceil(bytes / unit.length)).slice(0, bytes) });
    address += BigInt(bytes + 3);
  }
  return { ranges: [rangeAt(area, length)], strings: strings.filter(({ text }) => text.length >= min), min };
}

const SIZES: Scenario[] = [
  ['strings of 1 byte to 1 MiB', (puppet) => placeLengths(puppet, 1)],
  ['none shorter than 10 characters', (puppet) => placeLengths(puppet, 10)],
  ['none shorter than 4097 characters', (puppet) => placeLengths(puppet, 4097)],
  [
    'a string of 3 MiB of Chinese',
    async (puppet) => {
      const area = await puppet.area(4 * MIB);
      const address = area + 4093n;
      await puppet.repeat(address, 3 * MIB, '你好世界');
      return { ranges: [rangeAt(area, 4 * MIB)], strings: [{ address, text: '你好世界'.repeat(MIB / 4) }] };
    },
  ],
];

const LARGE: Scenario[] = [
  ['a string of 20 MiB among others', (puppet) => placeLengths(puppet, 1, [1, 9, 20 * MIB, 10])],
  [
    'a string over 3,000 regions',
    async (puppet) => {
      const area = await puppet.area(3000 * PAGE);
      await puppet.repeat(area, 3000 * PAGE, 'region for region ');
      for (let page = 0; page < 3000; page += 2) await puppet.protect(area + BigInt(page * PAGE), PAGE, 'r');
      const text = 'region for region '.repeat(170 * 4096).slice(0, 3000 * PAGE);
      const strings = [{ address: area, text }];
      return { ranges: [rangeAt(area, 3000 * PAGE)], strings, chunkSizes: LARGE_CHUNKS };
    },
  ],
  // The kernel lists 512 ranges at a time, memscan requests 2,048.
  ...[1200, 2048, 4096, 5000].map((pages): Scenario => [
    `a string in every second of ${pages} pages, the others not in memory`,
    async (puppet) => {
      const area = await puppet.area(pages * PAGE);
      const strings: PlacedString[] = [];
      for (let page = 1; page < pages; page += 2) {
        const unit = `page ${page} `;
        strings.push({ address: area + BigInt(page * PAGE), text: unit.repeat(PAGE).slice(0, PAGE) });
        await puppet.repeat(strings.at(-1)!.address, PAGE, unit);
      }
      return { ranges: [rangeAt(area, pages * PAGE)], strings, chunkSizes: LARGE_CHUNKS };
    },
  ]),
  [
    'what lies in huge pages',
    async (puppet) => {
      const area = await puppet.area(8 * MIB);
      await puppet.advise(area, 8 * MIB, Advice.hugePage);
      const address = area + BigInt(6 * MIB - 5);
      await puppet.write(address, 'in a huge page, or between two');
      const strings = [{ address, text: 'in a huge page, or between two' }];
      return { ranges: [rangeAt(area, 8 * MIB)], strings, chunkSizes: LARGE_CHUNKS };
    },
  ],
];

const BORDERS: Scenario[] = [
  [
    'into read-only memory',
    (puppet) => placeAround(puppet, (page) => puppet.protect(page, 2 * PAGE, 'r'), true),
  ],
  [
    'out of read-only memory',
    (puppet) => placeAround(puppet, (page) => puppet.protect(page - BigInt(PAGE), PAGE, 'r'), true),
  ],
  ['over a whole region', (puppet) => placeAround(puppet, (page) => puppet.protect(page, PAGE, 'rx'), true)],
  [
    'over a region of shared memory',
    (puppet) =>
      placeAround(
        puppet,
        async (page) => {
          const fd = await puppet.memoryFile('memfd', PAGE);
          await puppet.map(PAGE, { at: page, fd, shared: true });
          await puppet.write(page, MIDDLE);
        },
        true,
      ),
  ],
];

const HOLES: Scenario[] = [
  ['an unmapped page', (puppet) => placeAround(puppet, (page) => puppet.unmap(page, PAGE), false)],
  [
    'a fresh page without permissions',
    (puppet) => placeAround(puppet, (page) => void_(puppet.map(PAGE, { at: page, prot: '-' })), false),
  ],
  [
    'a page that lost its permissions',
    (puppet) => placeAround(puppet, (page) => puppet.protect(page, PAGE, '-'), false),
  ],
  [
    'a page that can only be written',
    (puppet) => placeAround(puppet, (page) => puppet.protect(page, PAGE, 'w'), false),
  ],
  [
    'a page that is not in memory',
    (puppet) => placeAround(puppet, (page) => puppet.advise(page, PAGE, Advice.dontNeed), false),
  ],
  [
    'a page of a file that is not read',
    async (puppet) => {
      const area = await placeFile(puppet, 'between', [MIDDLE, MIDDLE, MIDDLE]);
      await puppet.repeat(area, PAGE, 'before it ');
      await puppet.repeat(area + BigInt(2 * PAGE), PAGE, 'behind it ');
      const strings = [
        { address: area, text: 'before it '.repeat(410).slice(0, PAGE) },
        { address: area + BigInt(2 * PAGE), text: 'behind it '.repeat(410).slice(0, PAGE) },
      ];
      return { ranges: [rangeAt(area, 3 * PAGE)], strings };
    },
  ],
];

const void_ = async (promise: Promise<unknown>): Promise<void> => void (await promise);

const KINDS: Scenario[] = [
  [
    'a shared memfd',
    async (puppet) => {
      const fd = await puppet.memoryFile('memfd', 2 * PAGE);
      return placeOne(
        puppet,
        await puppet.map(2 * PAGE, { fd, shared: true }),
        2 * PAGE,
        'in a shared memfd',
      );
    },
  ],
  [
    'a private mapping of a memfd, not written to',
    async (puppet) => {
      const fd = await puppet.memoryFile('memfd', PAGE);
      await puppet.write(await puppet.map(PAGE, { fd, shared: true }), 'in a private memfd');
      const address = await puppet.map(PAGE, { fd, prot: 'r' });
      await puppet.tell('read', address, PAGE);
      return { ranges: [rangeAt(address, PAGE)], strings: [{ address, text: 'in a private memfd' }] };
    },
  ],
  [
    'POSIX shared memory',
    async (puppet) => {
      const fd = await puppet.memoryFile('shm', PAGE);
      return placeOne(puppet, await puppet.map(PAGE, { fd, shared: true }), PAGE, 'in /dev/shm');
    },
  ],
  [
    'System V shared memory',
    async (puppet) => placeOne(puppet, await puppet.tell('sysv', PAGE), PAGE, 'in a System V segment'),
  ],
  [
    'shared anonymous memory',
    async (puppet) =>
      placeOne(puppet, await puppet.map(PAGE, { shared: true }), PAGE, 'anonymous and shared'),
  ],
  [
    'a private mapping of /dev/zero, which is anonymous memory',
    async (puppet) => {
      const fd = await puppet.openFile('/dev/zero');
      return placeOne(puppet, await puppet.map(PAGE, { fd }), PAGE, 'in /dev/zero, privately');
    },
  ],
  [
    'a shared mapping of /dev/zero',
    async (puppet) => {
      const fd = await puppet.openFile('/dev/zero');
      return placeOne(puppet, await puppet.map(PAGE, { fd, shared: true }), PAGE, 'in /dev/zero, shared');
    },
  ],
  [
    'pages of a private file mapping that were copied on write',
    async (puppet) => {
      const area = await placeFile(puppet, 'copied', [
        'a clean page',
        'a page to be written',
        'another clean page',
      ]);
      const address = area + BigInt(PAGE + 100);
      await puppet.write(address, 'copied on write');
      const strings = [
        { address: area + BigInt(PAGE), text: 'a page to be written' },
        { address, text: 'copied on write' },
      ];
      return { ranges: [rangeAt(area, 3 * PAGE)], strings };
    },
  ],
  [
    'clean pages of a file, not by default',
    async (puppet) => {
      const area = await placeFile(puppet, 'clean', ['a clean page of a file']);
      return { ranges: [rangeAt(area, PAGE)], strings: [] };
    },
  ],
  [
    'clean pages of a file, if all are asked for',
    async (puppet) => {
      const area = await placeFile(puppet, 'all', ['a clean page of a file']);
      return {
        ranges: [rangeAt(area, PAGE)],
        strings: [{ address: area, text: 'a clean page of a file' }],
        all: true,
      };
    },
  ],
];

const RANGES: Scenario[] = [
  ['a range that begins and ends inside a string', (puppet) => placeCut(puppet, [[10, 5000]])],
  [
    'two ranges of one page',
    (puppet) =>
      placeCut(puppet, [
        [16, 64],
        [128, 256],
      ]),
  ],
  [
    'two ranges that touch, which are as one',
    (puppet) =>
      placeCut(
        puppet,
        [
          [16, 4096],
          [4096, 8192],
        ],
        [[16, 8192]],
      ),
  ],
  [
    'two ranges that overlap, which are as one',
    (puppet) =>
      placeCut(
        puppet,
        [
          [16, 4196],
          [4000, 8192],
        ],
        [[16, 8192]],
      ),
  ],
  [
    'ranges out of order, which are sorted',
    (puppet) =>
      placeCut(
        puppet,
        [
          [4196, 4300],
          [16, 64],
        ],
        [
          [16, 64],
          [4196, 4300],
        ],
      ),
  ],
  [
    'the same range twice, which is as once',
    (puppet) =>
      placeCut(
        puppet,
        [
          [16, 64],
          [16, 64],
        ],
        [[16, 64]],
      ),
  ],
  ['an empty range, which holds nothing', (puppet) => placeCut(puppet, [[64, 64]], [])],
];

type Offsets = readonly (readonly [number, number])[];

/** Two pages of text, read through ranges that make `parts` of it visible. */
async function placeCut(puppet: Puppet, ranges: Offsets, parts = ranges): Promise<Placement> {
  const area = await puppet.area(2 * PAGE);
  await puppet.repeat(area, 2 * PAGE, '0123456789abcde');
  const text = '0123456789abcde'.repeat(600);
  const rangeOf = ([start, end]: readonly [number, number]): Range => ({
    start: area + BigInt(start),
    end: area + BigInt(end),
  });
  const strings = parts.map(([start, end]) => ({
    address: area + BigInt(start),
    text: text.slice(start, end),
  }));
  return { ranges: ranges.map(rangeOf), strings };
}

function describeScenarios(title: string, scenarios: readonly Scenario[], ways = WAYS): void {
  describe.each(ways)(`${title} ($title)`, (way) => {
    let puppet: Puppet;
    beforeAll(async () => {
      puppet = await startPuppet();
      return () => puppet.stop();
    });
    it.each(scenarios)('%s', async (_name, place) => {
      const placement = await place(puppet);
      await withWay(way, () => expectPlaced(puppet.pid, placement));
    });
  });
}

describeScenarios('finds at edges', EDGES);
describeScenarios('finds, by length,', SIZES);
describeScenarios('finds', LARGE, WAYS.slice(0, 1));
describeScenarios('joins a string', BORDERS);
describeScenarios('does not join a string over', HOLES);
describeScenarios('distinguishes memory from files:', KINDS);
describeScenarios('reads only', RANGES);

/** All strings of a scan, as [address, text, kind of region]. */
async function findAll(
  puppet: Puppet,
  options: StringOptions,
): Promise<(readonly [bigint, string, string])[]> {
  const target = await openTarget(puppet.pid);
  try {
    const found: (readonly [bigint, string, string])[] = [];
    for await (const { address, text, region } of scanStrings(target, options))
      found.push([address, text, region.kind]);
    return found;
  } finally {
    target.close();
  }
}

describe.each(['', 'entries'])("a scan of a whole process (pagemap '%s')", (pagemap) => {
  const way = { ...WAYS[0]!, pagemap };

  it.each([
    ['heap', 'heap', (puppet: Puppet) => puppet.tell('allocate', 4096)],
    ['stack', 'stack', (puppet: Puppet) => puppet.tell('stack')],
    ["program's written data", 'file-data', (puppet: Puppet) => puppet.tell('data')],
    ['anonymous memory', 'anon', (puppet: Puppet) => puppet.map(PAGE)],
    [
      'anonymous memory with a name',
      'anon',
      async (puppet: Puppet) => {
        const address = await puppet.map(PAGE);
        // A kernel without CONFIG_ANON_VMA_NAME has no names; the region then tests anonymous memory once more.
        await puppet.tell('name', address, PAGE, 'heap').catch(() => {});
        return address;
      },
    ],
    ['shared memory', 'shared', (puppet: Puppet) => puppet.map(PAGE, { shared: true })],
  ])('finds by default what is in the %s, once', async (_name, kind, place) => {
    const puppet = await startPuppet();
    const address = await place(puppet);
    await puppet.write(address, 'the one and only\0');
    const found = await withWay(way, () => findAll(puppet, { pattern: 'and only' }));
    expect(found).toEqual([[address, 'the one and only', kind]]);
  });

  it('finds what is in System V segment number 0', async () => {
    const puppet = await startPuppet();
    await puppet.tell('unshare-ipc');
    const address = await puppet.tell('sysv', PAGE);
    await puppet.write(address, 'in segment number 0');
    const found = await withWay(way, () => findAll(puppet, { pattern: 'segment number 0' }));
    expect(found).toEqual([[address, 'in segment number 0', 'shared']]);
  });

  it('finds what is in /dev/zero of a container, whose /dev is a tmpfs', async () => {
    const puppet = await startPuppet();
    await puppet.tell('container-dev');
    const address = await puppet.map(PAGE, { fd: await puppet.openFile('/dev/zero') });
    await puppet.write(address, 'anonymous in a container');
    const found = await withWay(way, () => findAll(puppet, { pattern: 'in a container' }));
    expect(found.map(([at, text]) => [at, text])).toEqual([[address, 'anonymous in a container']]);
  });

  it('has the same result when repeated', async () => {
    const puppet = await startPuppet();
    // It has reported that it is ready, and may not yet be waiting for commands.
    process.kill(puppet.pid, 'SIGSTOP');
    await untilState(puppet.pid, 'T');
    const first = await withWay(way, () => findAll(puppet, { min: 4, all: true }));
    expect(first.length).toBeGreaterThan(1000);
    expect(await withWay(way, () => findAll(puppet, { min: 4, all: true, chunkSize: 4096 }))).toEqual(first);
  });
});

describe.each([40, 72])('a string longer than 32 MiB: of %d MiB', (megabytes) => {
  const length = megabytes * MIB;
  const MIDDLE = BigInt((megabytes - 4) * MIB);
  const PATTERNS = [undefined, 'amid all', /amid all this/];
  let puppet: Puppet;
  let area: bigint;

  beforeAll(async () => {
    puppet = await startPuppet();
    area = await puppet.area(length);
    await puppet.repeat(area, length, 'long, but ');
    await puppet.write(area + MIDDLE, 'amid all this');
    return () => puppet.stop();
  });

  async function scanLong(chunkSize: number, pattern: string | RegExp | undefined): Promise<FoundString[]> {
    const target = await openTarget(puppet.pid);
    const found: FoundString[] = [];
    const options = { ranges: [rangeAt(area, length)], chunkSize, ...(pattern && { pattern }) };
    for await (const string of scanStrings(target, options)) found.push(string);
    target.close();
    return found;
  }

  describe.each(PATTERNS)('searched for %s', (pattern) => {
    it.each([65536, 2 * MIB, 16 * MIB])(
      'is reported with its whole length, chunkSize %d',
      async (chunkSize) => {
        const found = await scanLong(chunkSize, pattern);
        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject({ address: area, length });
      },
    );

    it('is cut to the same text whatever the chunk size', async () => {
      const cut: object[] = [];
      for (const chunkSize of [65536, 2 * MIB, 3 * MIB + 1, 16 * MIB]) {
        const [{ text, truncated } = never()] = await scanLong(chunkSize, pattern);
        cut.push({ truncated, length: text.length, begin: text.slice(0, 20), end: text.slice(-20) });
      }
      expect(cut).toEqual(cut.map(() => cut[0]));
    });
  });
});

function never(): never {
  throw new Error('nothing was found');
}

describe('memory that changes while it is scanned', () => {
  const text = 'text all over ';

  const PAGES = 64;
  const ALL = Array.from({ length: PAGES }, (_, page) => page);
  /** A page after those of the first job, which has 16. */
  const CHANGED = 40;

  /** Scans pages of text page by page, changes one of them after the scan has begun, and takes the rest. */
  async function scanAround(change: (puppet: Puppet, page: bigint) => Promise<void>) {
    const puppet = await startPuppet();
    const area = await puppet.area(PAGES * PAGE);
    for (const page of ALL) await puppet.repeat(area + BigInt(page * PAGE), PAGE - 1, text);
    const target = await openTarget(puppet.pid);
    const scan = scanStrings(target, { ranges: [rangeAt(area, PAGES * PAGE)], chunkSize: PAGE, jobs: 1 });
    const pages: number[] = [];
    for await (const { address } of scan) {
      if (pages.length === 0) await change(puppet, area + BigInt(CHANGED * PAGE));
      pages.push(Number(address - area) / PAGE);
    }
    target.close();
    return { pages, coverage: scan.stats.coverage };
  }

  it.each([
    ['unmapped', (puppet: Puppet, page: bigint) => puppet.unmap(page, PAGE)],
    ['forbidden', (puppet: Puppet, page: bigint) => puppet.protect(page, PAGE, '-')],
  ])('is read up to the page that was %s, and on behind it', async (_name, change) => {
    const { pages, coverage } = await scanAround(change);
    expect(pages).toEqual(ALL.filter((page) => page !== CHANGED));
    expect(coverage).toMatchObject({
      mapped: PAGES * PAGE,
      scanned: (PAGES - 1) * PAGE,
      unreadable: PAGE,
      notReached: 0,
    });
  });

  it('is found in one page as the others are when it is written to', async () => {
    const { pages, coverage } = await scanAround((puppet, page) =>
      puppet.repeat(page, PAGE - 1, 'other text, too '),
    );
    expect(pages).toEqual(ALL);
    expect(coverage).toMatchObject({ scanned: PAGES * PAGE, unreadable: 0 });
  });
});

describe('guard pages within a region (MADV_GUARD_INSTALL)', () => {
  it.for(WAYS)('end a string ($title)', async (way, { skip }) => {
    const puppet = await startPuppet();
    let supported = true;
    const placement = await placeAround(
      puppet,
      (page) => puppet.advise(page, PAGE, Advice.guardInstall).catch(() => void (supported = false)),
      false,
    );
    skip(!supported, 'this kernel has no MADV_GUARD_INSTALL (Linux 6.13)');
    await withWay(way, () => expectPlaced(puppet.pid, placement));
  });
});

import { describe, expect, it } from 'vitest';

import type { Region } from '../../src/memory/region.ts';
import { glibcParts } from '../../src/runtimes/glibc/glibc.ts';
import { HEAP_MAX, Image, LAYOUTS, textsOf } from '../fixtures/malloc-image.ts';
import { regionOf } from '../fixtures/regions.ts';

const BASE = 0x7f00_0000_0000n;
const heap = (number: number): bigint => BASE + BigInt(number) * HEAP_MAX;
const AREA = regionOf(BASE, HEAP_MAX * 8n);

const DATA = 0x7fff_0000_0000n;
const MAIN = DATA + 0x1c60n;
const dataOf = (pathname: string): Region =>
  regionOf(DATA, 0x4000n, { kind: 'file', inode: 7n, dev: 'fe:00', pathname });
const LIBC = dataOf('/lib/libc.so.6');

const LIBC_ELSEWHERE = { ...LIBC, start: DATA + 0x10000n, end: DATA + 0x14000n };

const NEWER = LAYOUTS[2];
const NONCONTIGUOUS = 2n;

describe.each(LAYOUTS)('malloc as in glibc since $since', (layout) => {
  it('has arenas of one or more heaps, numbered in order of addresses', () => {
    const image = new Image();
    image.writeArena(layout, [heap(4)]);
    image.writeArena(layout, [heap(1), heap(0), heap(2)]);
    expect(textsOf(glibcParts([AREA], image))).toEqual([
      'arena 1 7f0000000000 67108864',
      'arena 1 7f0004000000 67108864',
      'arena 1 7f0008000000 135168',
      'arena 2 7f0010000000 135168',
    ]);
  });

  it.each(['/lib/libc.so.6', '/usr/lib64/libc-2.17.so', '/lib/libc.so.6 (deleted)', '/bin/static'])(
    'has a main arena in the data of %s',
    (pathname) => {
      const image = new Image();
      writePiece(image, heap(0));
      image.writeState(MAIN, layout, heap(0) + 0x420n, MAIN, { flags: NONCONTIGUOUS });
      expect(textsOf(glibcParts([AREA, dataOf(pathname)], image))).toEqual(['arena main 7f0000000000 4096']);
    },
  );

  it('has a main arena that the arenas of threads link to', () => {
    const image = new Image();
    writePiece(image, heap(0));
    image.writeArena(layout, [heap(4)], heap(5) + layout.state);
    image.writeArena(layout, [heap(5)], MAIN);
    image.writeState(MAIN, layout, heap(0) + 0x420n, heap(4) + layout.state, { flags: NONCONTIGUOUS });
    expect(textsOf(glibcParts([AREA, dataOf('/lib/renamed.so'), LIBC_ELSEWHERE], image))).toEqual([
      'arena 1 7f0010000000 135168',
      'arena 2 7f0014000000 135168',
      'arena main 7f0000000000 4096',
    ]);
  });
});

/** A page with two chunks, and the top chunk from 0x420 on. */
function writePiece(image: Image, start: bigint): void {
  image.write(start, 0n, 0x401n);
  image.write(start + 0x400n, 0n, 0x21n);
  image.write(start + 0x420n, 0n, 0xbe1n);
}

describe('arenas', () => {
  it('lack heaps whose header is not resident; without the first one, the whole arena is missing', () => {
    const image = new Image();
    image.writeArena(NEWER, [heap(0), heap(1), heap(2)]);
    image.forget(heap(1));
    expect(textsOf(glibcParts([AREA], image))).toEqual([
      'arena 1 7f0000000000 67108864',
      'arena 1 7f0008000000 135168',
    ]);
    image.forget(heap(0));
    expect(glibcParts([AREA], image)).toEqual([]);
  });

  it('have only the writable parts of a heap that maps lists in several lines', () => {
    const image = new Image();
    image.writeArena(NEWER, [heap(0)]);
    const lines = [
      regionOf(BASE, 0x8000n, { pathname: '[anon: glibc: malloc arena]' }),
      regionOf(BASE + 0x8000n, 0x8000n),
      regionOf(BASE + 0x10000n, 0x8000n, { perms: '---p' }),
      regionOf(BASE + 0x18000n, 0x10000n),
    ];
    expect(textsOf(glibcParts(lines, image))).toEqual([
      'arena 1 7f0000000000 32768',
      'arena 1 7f0000008000 32768',
      'arena 1 7f0000018000 36864',
    ]);
  });

  it('need a valid heap_info and malloc_state', () => {
    for (const spoil of SPOILT) {
      const image = new Image();
      image.writeArena(NEWER, [heap(0)]);
      expect(glibcParts([AREA], image)).toHaveLength(1);
      spoil(image, heap(0));
      expect(glibcParts([AREA], image)).toEqual([]);
    }
  });
});

const SPOILT: readonly ((image: Image, start: bigint) => void)[] = [
  // heap_info
  (image, start) => image.write(start, start + 0x38n),
  (image, start) => image.write(start, start + HEAP_MAX + 0x30n),
  (image, start) => image.write(start, 2n ** 64n - HEAP_MAX + 0x30n),
  (image, start) => image.write(start + 8n, start),
  (image, start) => image.write(start + 8n, start + HEAP_MAX),
  (image, start) => image.write(start + 16n, 0n),
  (image, start) => image.write(start + 16n, 0x1001n),
  (image, start) => image.write(start + 16n, 2n ** 63n, 2n ** 63n),
  (image, start) => image.write(start + 16n, HEAP_MAX * 2n, HEAP_MAX * 2n),
  (image, start) => image.write(start + 24n, 0x1000n),
  (image, start) => image.write(start + 32n, 0x1800n),
  // malloc_state: top, a bin without a link, the last bin
  (image, start) => {
    image.write(start + 0x30n + 96n, start + HEAP_MAX);
    image.write(start + HEAP_MAX, 0n);
  },
  (image, start) => image.write(start + 0x30n + 96n, 2n ** 64n - 16n),
  (image, start) => image.write(start + 0x30n + 112n + 48n, 0n),
  (image, start) => image.write(start + 0x30n + 112n + 126n * 16n, start),
  (image, start) => image.write(start + 0x30n + 112n + 126n * 16n + 8n, start),
];

describe('the main arena in memory of mmap', () => {
  const main = (image: Image, top: bigint, chunks: readonly bigint[] = []): void =>
    image.writeState(MAIN, NEWER, top, MAIN, { flags: NONCONTIGUOUS, chunks });

  it('is found in a full piece and the next one behind it', () => {
    const image = new Image();
    main(image, BASE + 0x1420n);
    writeFullPiece(image, BASE);
    writePiece(image, BASE + 0x1000n);
    const [piece] = textsOf(glibcParts([AREA, LIBC], image));
    expect(piece).toBe('arena main 7f0000000000 8192');
  });

  it.each([0x21000n, 0x100000n])('is found by the ends of a piece of %d bytes', (length) => {
    const image = new Image();
    main(image, BASE + length + 0x800n);
    image.write(BASE, 0n, 0x31n);
    image.write(BASE + length - 32n, 0n, 0x10n, 0n, 0x11n);
    image.write(BASE + length, 0n, 0x31n);
    image.write(BASE + length + 0x800n, 0n, length - 0x7ffn);
    const pieces = [`arena main 7f0000000000 ${length * 2n}`];
    expect(textsOf(glibcParts([AREA, LIBC], image))).toEqual(pieces);
    image.write(BASE + length - 8n, 0x12n);
    image.write(BASE + length + 0x808n, length - 0x7f1n);
    expect(glibcParts([AREA, LIBC], image)).toEqual([]);
  });

  it('is found from a free chunk on if other memory precedes it', () => {
    const image = new Image();
    main(image, DATA, [BASE + 0x2000n]);
    writeFullPiece(image, BASE + 0x2000n);
    expect(textsOf(glibcParts([AREA, LIBC], image))).toEqual(['arena main 7f0000002000 4096']);
  });

  it('ends with its top chunk, whatever follows', () => {
    const image = new Image();
    main(image, BASE + 0x420n);
    writePiece(image, BASE);
    image.write(BASE + 0x1000n, 0n, 0x2000n);
    expect(textsOf(glibcParts([AREA, LIBC], image))).toEqual(['arena main 7f0000000000 4096']);
  });

  it('extends from a free chunk as far as chunks lead', () => {
    const image = new Image();
    main(image, DATA, [BASE + 0x400n]);
    image.write(BASE, 1n, 0x401n);
    image.write(BASE + 0x400n, 0n, 0x1c01n);
    expect(textsOf(glibcParts([AREA, LIBC], image))).toEqual(['arena main 7f0000000400 7168']);
  });

  it('is not found if its malloc_state is not data of a file', () => {
    const image = new Image();
    image.writeArena(NEWER, [heap(4)], heap(6) + 0x5000n);
    writePiece(image, BASE);
    image.writeState(heap(6) + 0x5000n, NEWER, BASE + 0x420n, heap(4) + 0x30n, { flags: NONCONTIGUOUS });
    expect(textsOf(glibcParts([AREA, LIBC], image))).toEqual(['arena 1 7f0010000000 135168']);
  });

  it('is not found if a chunk is invalid', () => {
    const image = new Image();
    main(image, DATA);
    writeFullPiece(image, BASE);
    expect(textsOf(glibcParts([AREA, LIBC], image))).toEqual(['arena main 7f0000000000 4096']);
    image.write(BASE + 0x408n, 0x22n);
    expect(glibcParts([AREA, LIBC], image)).toEqual([]);
  });

  it('includes memory of brk that holds its chunks', () => {
    const image = new Image();
    const brk = regionOf(BASE, 0x4000n, { kind: 'heap', pathname: '[heap]' });
    expect(glibcParts([brk, LIBC], image)).toEqual([]);
    image.writeState(MAIN, NEWER, BASE + 0x800n);
    expect(textsOf(glibcParts([brk, LIBC], image))).toEqual(['heap main 7f0000000000 16384']);
  });
});

/** A page full of chunks, ended by a fence. */
function writeFullPiece(image: Image, start: bigint): void {
  image.write(start, 0n, 0x401n);
  image.write(start + 0x400n, 0n, 0xbe1n);
  image.write(start + 0xfe0n, 0n, 0x10n, 0n, 0x11n);
}

describe('chunks with a mapping', () => {
  it('are found one after the other, as long as headers are valid', () => {
    const image = new Image();
    image.write(BASE, 0n, 0x3002n);
    image.write(BASE + 0x3000n, 0n, 0x1002n);
    image.write(BASE + 0x4000n, 0n, 0x1ff2n); // since glibc 2.43
    image.write(BASE + 0x6000n, 0n, 0x1003n);
    expect(textsOf(glibcParts([regionOf(BASE, 0x10000n)], image))).toEqual([
      'mmap-chunk  7f0000000000 12288',
      'mmap-chunk  7f0000003000 4096',
      'mmap-chunk  7f0000004000 8192',
    ]);
  });

  it('are found directly after a full heap', () => {
    const image = new Image();
    image.writeArena(NEWER, [heap(0), heap(7)]);
    image.write(heap(1), 0n, 0x5002n);
    expect(textsOf(glibcParts([AREA], image)).at(-1)).toBe('mmap-chunk  7f0004000000 20480');
  });

  it.each([
    ['beyond their region', [0n, 0x11002n]],
    ['without a size', [0n, 2n]],
    ['with an odd size', [0n, 0x1012n]],
    ['with 2^63 bytes', [0n, (2n ** 63n) | 2n]],
    ['with all bytes of the address space', [0n, 2n ** 64n - 4096n + 2n]],
    ['with the flag of an arena', [0n, 0x1006n]],
    ['behind a free chunk', [1n, 0x1002n]],
  ])('are not found %s', (_, words) => {
    const image = new Image();
    image.write(BASE, ...words);
    expect(glibcParts([regionOf(BASE, 0x10000n)], image)).toEqual([]);
  });
});

describe("glibc's names", () => {
  const named = (name: string): Region => regionOf(BASE, 0x10000n, { pathname: `[anon: glibc: ${name}]` });

  it('identify a heap of an arena that is not resident', () => {
    expect(textsOf(glibcParts([named('malloc arena')], new Image()))).toEqual(['arena  7f0000000000 65536']);
  });

  it('identify a chunk with a mapping, unless it may be memory of the main arena', () => {
    const image = new Image();
    expect(glibcParts([named('malloc'), LIBC], image)).toEqual([]);
    image.writeState(MAIN, NEWER, DATA);
    expect(textsOf(glibcParts([named('malloc'), LIBC], image))).toEqual(['mmap-chunk  7f0000000000 65536']);
    image.writeState(MAIN, NEWER, DATA, MAIN, { flags: NONCONTIGUOUS });
    expect(glibcParts([named('malloc'), LIBC], image)).toEqual([]);
  });

  it('are not confused with others', () => {
    expect(glibcParts([named('pthread stack: 12'), named('malloc arena x')], new Image())).toEqual([]);
  });
});

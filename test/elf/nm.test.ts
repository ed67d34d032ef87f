import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { readElfImage } from '../../src/elf/image.ts';
import { sourceOf } from '../fixtures/elf.ts';

it('readElfImage agrees with nm about the C library', () => {
  const libc = /(\/\S*\/(?:libc\.so\.6|ld-musl-\S+))$/m.exec(readFileSync('/proc/self/maps', 'utf8'))![1]!;
  const lines = execFileSync('nm', ['-D', '--defined-only', libc], { encoding: 'latin1' }).matchAll(
    /^([0-9a-f]+) [TW] ([a-z]+)(?:@@\S+)?$/gm,
  );
  const symbols = new Map([...lines].map(([, address, name]) => [name!, BigInt(`0x${address!}`)]));
  const found = readElfImage(sourceOf(readFileSync(libc)))!.symbols(new Set(symbols.keys()));
  expect(symbols.size).toBeGreaterThan(500);
  // Of a symbol in several versions, .dynsym has them all.
  const wrong = [...symbols].filter(([name, address]) => found.get(name) !== address);
  expect(wrong.length).toBeLessThan(symbols.size / 50);
});

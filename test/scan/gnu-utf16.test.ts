import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { type Encoding, openTarget, scanStrings } from '../../src/index.ts';
import { fileOf, temporaryFolder } from '../fixtures/memory.ts';

const folder = temporaryFolder();

/** ASCII text in UTF-16, separated by bytes that are not characters. */
function memoryWith(encoding: Encoding): Buffer {
  const pieces = Array.from({ length: 400 }, (_, i) => {
    const word = `word number ${i}: ${'~x_9 '.repeat(i % 7)}end`.slice(0, 4 + (i % 40));
    const text = Buffer.from(word, 'utf16le');
    const bytes = encoding === 'utf16le' ? text : text.swap16();
    // Two or three bytes, so that words begin at even and at odd addresses.
    const edge = Buffer.alloc(2 + (i % 2), 0xff);
    return Buffer.concat([bytes, edge]);
  });
  return Buffer.concat(pieces);
}

describe.each([
  ['utf16le', 'l'],
  ['utf16be', 'b'],
] as const)('strings of ASCII in %s', (encoding, letter) => {
  it.each([4, 10])('of %d characters and more are those of GNU strings', async (min) => {
    const path = fileOf(folder, memoryWith(encoding));
    const expected = execFileSync('strings', ['-a', '-e', letter, '-n', String(min), '-t', 'd', path])
      .toString()
      .trim()
      .split('\n')
      .map((line) => line.trimStart());
    const target = await openTarget(path);
    const found: string[] = [];
    for await (const { address, text } of scanStrings(target, { encoding, min }))
      found.push(`${address} ${text}`);
    target.close();
    expect(expected.length).toBeGreaterThan(200);
    expect(found).toEqual(expected);
  });
});

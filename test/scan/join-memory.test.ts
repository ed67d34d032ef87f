import { describe, expect, it } from 'vitest';

import { Joiner } from '../../src/scan/join-memory.ts';

interface Call {
  readonly text: string;
  readonly address: bigint;
  readonly goesOn: boolean;
}

/** Takes joined memory; if the text continues, all except the last two bytes. */
function recorder() {
  const calls: Call[] = [];
  const joiner = new Joiner(12, (bytes, address, goesOn) => {
    calls.push({ text: bytes.toString('latin1'), address, goesOn });
    if (!goesOn) return { strings: 1 };
    const tail = bytes.subarray(bytes.length - 6);
    return { strings: 1, tail: { ...piece(address + BigInt(bytes.length - 6), ''), length: 2, text: tail } };
  });
  return { calls, joiner };
}

const piece = (address: bigint, text: string, context = '') => ({
  address,
  length: text.length,
  characters: 0,
  text: Buffer.from(context + text, 'latin1'),
});

describe('memory at the edges of chunks', () => {
  it('is joined from a tail, whole chunks and a head', () => {
    const { calls, joiner } = recorder();
    expect(joiner.push({ tail: piece(10n, 'ab', '....'), whole: false })).toEqual([]);
    expect(joiner.push({ head: piece(12n, 'cd'), whole: true })).toEqual([]);
    const done = joiner.push({ head: piece(14n, 'e'), tail: piece(20n, 'x', '~~~~'), whole: false });
    expect(done).toEqual([{ strings: 1 }]);
    expect(calls).toEqual([{ text: '....abcde', address: 10n, goesOn: false }]);
    expect(joiner.finish()).toEqual([{ strings: 1 }]);
    expect(calls[1]).toEqual({ text: '~~~~x', address: 20n, goesOn: false });
    expect(joiner.finish()).toEqual([]);
  });

  it('is only a head if the memory before it is unreadable', () => {
    const { calls, joiner } = recorder();
    joiner.push({ head: piece(7n, 'abc'), whole: false });
    expect(calls).toEqual([{ text: '\0\0\0\0abc', address: 7n, goesOn: false }]);
  });

  it('is cut when it grows too long', () => {
    const { calls, joiner } = recorder();
    joiner.push({ tail: piece(0n, 'abcd', '....'), whole: false });
    expect(joiner.push({ head: piece(4n, 'efghijkl'), whole: true })).toEqual([]);
    expect(joiner.push({ head: piece(12n, 'mn'), whole: true })).toHaveLength(1);
    expect(calls).toEqual([{ text: '....abcdefghijklmn', address: 0n, goesOn: true }]);
    joiner.finish();
    expect(calls[1]).toEqual({ text: 'ijklmn', address: 12n, goesOn: false });
  });
});

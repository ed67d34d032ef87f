import { isAsciiText } from './characters.ts';

/** The matched piece consists of bytes of ASCII text. */
export interface Run {
  /** A bit set: bit N for byte value N. */
  readonly bytes: bigint;
  /** Minimum length of the piece, in bytes. */
  readonly length: number;
  /** The expression matches every sequence of `length` of these bytes, in any context. */
  readonly isExact: boolean;
}

export const emptyRun = (isExact: boolean): Run => ({ bytes: 0n, length: 0, isExact });

/** Any one of these characters; undefined if there are none, or one may be beyond ASCII. */
export function runOf(characters: readonly number[]): Run | undefined {
  if (characters.length === 0 || !characters.every(isAsciiText)) return undefined;
  const bytes = characters.reduce((bits, byte) => bits | (1n << BigInt(byte)), 0n);
  return { bytes, length: 1, isExact: true };
}

/** The byte values of a run, in order. */
export const bytesOf = ({ bytes }: Run): number[] =>
  Array.from({ length: 0x80 }, (_, byte) => byte).filter((byte) => (bytes >> BigInt(byte)) & 1n);

/** Joins two runs that follow each other. */
export function joinedRuns(a: Run, b: Run): Run {
  const bytes = a.bytes | b.bytes;
  const isOfAll = ({ bytes: own }: Run): boolean => own === 0n || own === bytes;
  const isExact = a.isExact && b.isExact && isOfAll(a) && isOfAll(b);
  return bounded({ bytes, length: a.length + b.length, isExact });
}

/** Combines alternatives: the piece is one of these runs. */
export function anyRun(runs: readonly (Run | undefined)[]): Run | undefined {
  if (!runs.every((run) => run !== undefined)) return undefined;
  const bytes = runs.reduce((all, run) => all | run.bytes, 0n);
  const length = runs.reduce((least, run) => Math.min(least, run.length), Infinity);
  const isExact = runs.some((run) => run.isExact && run.length === length && run.bytes === bytes);
  return { bytes, length, isExact };
}

/** Repeats a run at least `min` times. */
export const repeatedRun = (run: Run, min: number): Run =>
  bounded({ ...run, length: run.length * Math.min(min, LONGEST + 1) });

/** A longer run is shortened to this, and is then no longer exact. */
const LONGEST = 2 ** 20;

const bounded = (run: Run): Run =>
  run.length <= LONGEST ? run : { bytes: run.bytes, length: LONGEST, isExact: false };

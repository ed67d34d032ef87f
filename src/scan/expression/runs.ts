import { isAsciiText } from './characters.ts';

/** Bytes of ASCII text in a row are matched. */
export interface Run {
  /** A bit a byte value. */
  readonly bytes: bigint;
  /** At least. */
  readonly length: number;
  /** Every row of `length` of these bytes is matched, whatever stands around it. */
  readonly isExact: boolean;
}

export const emptyRun = (isExact: boolean): Run => ({ bytes: 0n, length: 0, isExact });

/** One of some characters; undefined where there may be another one than ASCII, or none. */
export function runOf(characters: readonly number[]): Run | undefined {
  if (characters.length === 0 || !characters.every(isAsciiText)) return undefined;
  const bytes = characters.reduce((bits, byte) => bits | (1n << BigInt(byte)), 0n);
  return { bytes, length: 1, isExact: true };
}

/** The byte values of a run, in order. */
export const bytesOf = ({ bytes }: Run): number[] =>
  Array.from({ length: 0x80 }, (_, byte) => byte).filter((byte) => (bytes >> BigInt(byte)) & 1n);

/** The one, then the other. */
export function joinedRuns(a: Run, b: Run): Run {
  const bytes = a.bytes | b.bytes;
  const isOfAll = ({ bytes: own }: Run): boolean => own === 0n || own === bytes;
  const isExact = a.isExact && b.isExact && isOfAll(a) && isOfAll(b);
  return bounded({ bytes, length: a.length + b.length, isExact });
}

/** One of several. */
export function anyRun(runs: readonly (Run | undefined)[]): Run | undefined {
  if (!runs.every((run) => run !== undefined)) return undefined;
  const bytes = runs.reduce((all, run) => all | run.bytes, 0n);
  const length = runs.reduce((least, run) => Math.min(least, run.length), Infinity);
  const isExact = runs.some((run) => run.isExact && run.length === length && run.bytes === bytes);
  return { bytes, length, isExact };
}

/** At least `min` times in a row. */
export const repeatedRun = (run: Run, min: number): Run =>
  bounded({ ...run, length: run.length * Math.min(min, LONGEST + 1) });

/** Of a longer one so much is asked for. */
const LONGEST = 2 ** 20;

const bounded = (run: Run): Run =>
  run.length <= LONGEST ? run : { bytes: run.bytes, length: LONGEST, isExact: false };

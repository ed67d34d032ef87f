import { bytesOf, type Run } from './runs.ts';

import type { Texts } from './texts.ts';

// A rough model of how often texts occur in memory. It only has to order them, and to know the order of magnitude.

/**
 * A condition met more often than once in 512 bytes saves too little: about every eighth string of 64 bytes meets it.
 */
const WORTH = 1 / 512;

/** The cost of searching itself, in the unit of frequencies: strings to test per byte. */
const SCAN = { several: 5e-5, doubling: 2e-5, ignoreCase: 1e-5, run: 5e-5 };

export const isWorth = (frequency: number): boolean => frequency < WORTH;

export function costOfTexts(texts: Texts): number {
  const count = texts.texts.length;
  const several = count > 1 ? SCAN.several + SCAN.doubling * Math.log2(count) : 0;
  return frequencyOfTexts(texts) + several + (texts.ignoreCase ? SCAN.ignoreCase : 0);
}

export const costOfRun = (run: Run): number => frequencyOfRun(run) + SCAN.run;

/** How many of these texts begin at a byte, on average. */
export function frequencyOfTexts({ texts, ignoreCase }: Texts): number {
  const bytes = (text: string): number[] =>
    [...Buffer.from(text)].map((byte) => (ignoreCase ? eitherCase(byte) : FREQUENCIES[byte]!));
  return texts.reduce((sum, text) => sum + inARow(bytes(text)), 0);
}

export function frequencyOfRun(run: Run): number {
  const each = bytesOf(run).reduce((sum, byte) => sum + FREQUENCIES[byte]!, 0);
  return each ** (1 + (run.length - 1) / 2);
}

// Neighbours are alike: text follows text, digits follow digits. So each byte after the first counts with the square
// root of its frequency.
const inARow = ([first = 1, ...others]: readonly number[]): number =>
  others.reduce((product, frequency) => product * Math.sqrt(frequency), first);

const BY_FREQUENCY = Buffer.from(
  ' etaoinsrhldcumfpgwybvkxjqz0123456789.-_/:,"\'=()ETAOINSRHLDCUMFPGWYBVKXJQZ',
);

/** The frequency of each byte value; their sum is about one. */
const FREQUENCIES: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0) return 0.3;
  if (byte === 0xff) return 0.03;
  const rank = BY_FREQUENCY.indexOf(byte);
  return rank < 0 ? 0.001 : 0.03 * Math.exp(-rank / 20) + 0.0005;
});

function eitherCase(byte: number): number {
  const isLetter = /[a-z]/i.test(String.fromCharCode(byte));
  return FREQUENCIES[byte]! + (isLetter ? FREQUENCIES[byte ^ 0x20]! : 0);
}

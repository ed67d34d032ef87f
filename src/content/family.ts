import { type Encoding, ENCODINGS, isPlain } from '../base/encodings.ts';
import { SKETCH_REGISTERS } from '../native/constants.ts';
import type { NativeFamily, NativeSample } from '../native/content.ts';
import { encodedLength } from '../scan/encodings.ts';
import { type Location, type Locations, sumLocations } from './locations.ts';
import { commonShape, differInCharacters, type ShapePart } from './shape.ts';

/** A string of a family. */
export interface Sample {
  readonly address: bigint;
  /** Length of the whole string in memory, in bytes. */
  readonly length: number;
  /** Missing for ASCII and UTF-8. */
  readonly encoding?: Encoding;
  /** The beginning of the string: up to 192 bytes of UTF-8. */
  readonly text: string;
}

/** Strings of one shape. */
export interface Family {
  readonly shape: readonly ShapePart[];
  readonly strings: number;
  /** Bytes of text in memory. */
  readonly bytes: number;
  /**
   * Maximum number of bytes that `bytes` may be too low. It does not cover families below 0.01 % of the text, which are
   * not joined with others of their shape.
   */
  readonly error: number;
  /**
   * Estimated bytes of the malloc blocks that hold these strings, headers included. A block that also holds other
   * strings counts in proportion to the bytes of text. Estimated from up to eight strings; only for the first 100
   * families, and only where it is known.
   */
  readonly blocks?: number;
  /** Number of different values: exact up to eight, then estimated (standard error 3 %). */
  readonly distinct: number;
  /** Up to three strings with different values, chosen at random. */
  readonly samples: readonly Sample[];
  /** Largest first. */
  readonly locations: readonly Location[];
  /** Text that is only ASCII counts as ASCII, except in UTF-16. */
  readonly encodings: readonly Encoding[];
}

const SAMPLES_SHOWN = 3;

/** Whether the string continues after its text. */
export const isCut = ({ text, length, encoding = 'utf8' }: Sample): boolean =>
  encodedLength(text, encoding) < length;

/** Combines several families into one. */
export function combine(families: readonly [NativeFamily, ...NativeFamily[]]): NativeFamily {
  if (families.length === 1) return families[0];
  const sum = (of: (family: NativeFamily) => number): number =>
    families.reduce((total, family) => total + of(family), 0);
  return {
    strings: sum(({ strings }) => strings),
    encodings: families.reduce((all, { encodings }) => all | encodings, 0),
    bytes: sum(({ bytes }) => bytes),
    error: sum(({ error }) => error),
    samples: samplesOf(families),
    locations: sumLocations(families.map(({ locations }) => locations)),
    sketch: unionOf(families),
  };
}

/**
 * The samples of the first family, which names the result, and those of others that show where single characters
 * differ. Others may begin late or end early, and say nothing about the shape.
 */
function samplesOf([first, ...others]: readonly [NativeFamily, ...NativeFamily[]]): NativeFamily['samples'] {
  const { text } = first.samples[0]!;
  const alike = others
    .map(({ samples }) => samples[0]!)
    .filter((sample) => differInCharacters(text, sample.text));
  return [...first.samples, ...alike.slice(0, first.samples.length)];
}

/** A family as the library reports it. `locations` has numbered those of the family. */
export const familyFrom = (family: NativeFamily, locations: Locations): Family => ({
  shape: commonShape(family.samples.map(({ text }) => text)),
  strings: family.strings,
  bytes: family.bytes,
  error: family.error,
  distinct: family.sketch
    ? Math.min(family.strings, Math.round(estimate(family.sketch)))
    : family.samples.length,
  samples: family.samples.slice(0, SAMPLES_SHOWN).map(sampleFrom),
  locations: locations.from(family.locations),
  encodings: ENCODINGS.filter((_, index) => family.encodings & (1 << index)),
});

function sampleFrom({ address, length, encoding, text }: NativeSample): Sample {
  const name = ENCODINGS[encoding]!;
  return {
    address,
    length,
    ...(!isPlain(name) && { encoding: name }),
    text: text.toString().replace(/\ufffd+$/, ''),
  };
}

function unionOf(families: readonly NativeFamily[]): Uint8Array {
  const registers = new Uint8Array(SKETCH_REGISTERS);
  for (const { sketch, samples } of families) {
    sketch?.forEach((rank, i) => (registers[i] = Math.max(registers[i]!, rank)));
    for (const { value } of sketch ? [] : samples) addValue(registers, value);
  }
  return registers;
}

// As Sketch::add() in native/content/sketch.h.
function addValue(registers: Uint8Array, hash: bigint): void {
  const register = Number(hash >> 54n);
  const rest = BigInt.asUintN(64, (hash << 10n) | (1n << 9n));
  const rank = 64 - rest.toString(2).length + 1;
  registers[register] = Math.max(registers[register]!, rank);
}

// Flajolet et al., "HyperLogLog" (2007), figure 3. Small numbers are estimated from the number of empty registers.
function estimate(registers: Uint8Array): number {
  const inverse = registers.reduce((sum, rank) => sum + 2 ** -rank, 0);
  const raw = ((0.7213 / (1 + 1.079 / SKETCH_REGISTERS)) * SKETCH_REGISTERS ** 2) / inverse;
  const empty = registers.filter((rank) => rank === 0).length;
  return raw <= 2.5 * SKETCH_REGISTERS && empty > 0
    ? SKETCH_REGISTERS * Math.log(SKETCH_REGISTERS / empty)
    : raw;
}

import { ENCODINGS } from '../base/encodings.ts';
import { factsFrom, LONGEST_NAME, type RegionFacts } from '../memory/facts.ts';
import { factsFromDetail } from '../memory/old-detail.ts';
import { REGION_KINDS } from '../memory/region.ts';
import type { PageClass, Signature } from '../native/content.ts';
import {
  address,
  BadValue,
  type Checked,
  listOf,
  numbersBy,
  numberTo,
  objectOf,
  oneOf,
  optional,
  someNumbersBy,
  textLike,
  textOf,
  wholeNumber,
  withDefault,
} from './checked-values.ts';
import { KEY_DIGITS } from './family-key.ts';
import type { Sample } from './family.ts';
import {
  MOST_ARENAS,
  MOST_FAMILIES,
  MOST_REGIONS,
  type Snapshot,
  type SnapshotFamily,
  type SnapshotRegion,
} from './snapshot.ts';

/**
 * The version of the file's fields. Version 1 had no `arenas`; versions 1 and 2 had a `detail` in each region instead
 * of `facts`.
 */
export const FORMAT = 3;

/** The JSON of a snapshot's file: the snapshot, with the format and the version of memscan. */
export const toJson = (snapshot: Snapshot, version: string): string =>
  JSON.stringify(
    { memscan: version, format: FORMAT, ...snapshot, families: snapshot.families.map(familyToJson) },
    (_, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value),
  );

/** Files call the locations of a family `places`. */
const familyToJson = ({ locations, arenas, samples, ...family }: SnapshotFamily): object => ({
  ...family,
  places: locations,
  arenas,
  samples,
});

const wordsOf = <Word extends string>(words: Readonly<Record<Word, true>>): readonly Word[] =>
  Object.keys(words) as Word[];

const PAGE_CLASSES = wordsOf<PageClass>({
  zero: true,
  text: true,
  pointers: true,
  repeated: true,
  sparse: true,
  floats: true,
  compressed: true,
  other: true,
});

const SIGNATURES = wordsOf<Signature>({
  gzip: true,
  zlib: true,
  png: true,
  jpeg: true,
  class: true,
  elf: true,
  tls: true,
  protobuf: true,
  json: true,
  http: true,
});

/** The maximum time of a Date: ECMAScript, 21.4.1.1. */
const LATEST = 8.64e15;

const LONGEST_TEXT = 8192;
const text = textOf(LONGEST_TEXT);
const name = textOf(LONGEST_NAME);
const kind = oneOf(REGION_KINDS);

const facts: Checked<RegionFacts> = (value, where) => {
  const known = factsFrom(value);
  if (known) return known;
  throw new BadValue(`${where} is not a valid description of a region`);
};

const regionBefore3 = objectOf({
  start: address,
  end: address,
  kind,
  detail: name,
  pathname: name,
  resident: wholeNumber,
});

const regionSince3 = objectOf<SnapshotRegion>({
  start: address,
  end: address,
  kind,
  facts,
  pathname: name,
  resident: wholeNumber,
});

const region: Checked<SnapshotRegion> = (value, where) => {
  if (Object.hasOwn(Object(value) as object, 'facts')) return regionSince3(value, where);
  const { detail, ...rest } = regionBefore3(value, where);
  return { ...rest, facts: factsFromDetail(rest.kind, detail) };
};

const familyFields = objectOf<Omit<SnapshotFamily, 'locations'> & { places: SnapshotFamily['locations'] }>({
  key: textLike(new RegExp(`^[0-9a-f]{${KEY_DIGITS}}$`), 'a key'),
  shape: optional(text),
  strings: wholeNumber,
  bytes: wholeNumber,
  error: wholeNumber,
  distinct: wholeNumber,
  places: someNumbersBy(REGION_KINDS),
  arenas: withDefault(listOf(wholeNumber, MOST_ARENAS), []),
  samples: listOf(
    objectOf<Sample>({ address, length: wholeNumber, encoding: optional(oneOf(ENCODINGS)), text }),
    3,
  ),
});

const family: Checked<SnapshotFamily> = (value, where) => {
  const { places, ...fields } = familyFields(value, where);
  return { ...fields, locations: places };
};

/** Reads the format of a file, and the version of memscan that wrote it. */
export const envelope = objectOf<{ memscan: string; format: number }>({
  memscan: textOf(32),
  format: wholeNumber,
});

/** Reads everything else in a file. */
export const snapshotFrom: Checked<Snapshot> = objectOf<Snapshot>({
  time: numberTo(LATEST),
  target: objectOf<Snapshot['target']>({
    kind: oneOf(['process', 'core', 'file']),
    name: text,
    title: text,
    identity: optional(name),
  }),
  scan: text,
  resident: wholeNumber,
  scanned: wholeNumber,
  text: objectOf({ strings: wholeNumber, bytes: wholeNumber }),
  classes: numbersBy(PAGE_CLASSES),
  signatures: numbersBy(SIGNATURES),
  kinds: listOf(
    objectOf({ kind, count: wholeNumber, size: wholeNumber, resident: wholeNumber, swapped: wholeNumber }),
    REGION_KINDS.length,
  ),
  regions: listOf(region, MOST_REGIONS),
  families: listOf(family, MOST_FAMILIES),
});

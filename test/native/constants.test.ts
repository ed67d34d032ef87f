import { expect, it } from 'vitest';

import { ENCODINGS } from '../../src/base/encodings.ts';
import { PLACEHOLDERS } from '../../src/content/shape.ts';
import { addon } from '../../src/native/addon.ts';
import * as constants from '../../src/native/constants.ts';
import type { PageClass, Signature } from '../../src/native/content.ts';
import { PageState } from '../../src/native/source.ts';

const PAGE_CLASSES: Record<PageClass, null> = {
  zero: null,
  text: null,
  pointers: null,
  repeated: null,
  sparse: null,
  floats: null,
  compressed: null,
  other: null,
};

const SIGNATURES: Record<Signature, null> = {
  gzip: null,
  zlib: null,
  png: null,
  jpeg: null,
  class: null,
  elf: null,
  tls: null,
  protobuf: null,
  json: null,
  http: null,
};

it('constants are equal in both languages', () => {
  const byName = Object.entries(constants).toSorted(([a], [b]) => (a < b ? -1 : 1));
  expect([...addon.constants]).toEqual(byName.map(([, value]) => value));
  expect([...addon.pageStates]).toEqual(Object.values(PageState).map(Number));
  expect(addon.encodings).toEqual(ENCODINGS);
  expect(addon.placeholders).toEqual(PLACEHOLDERS);
});

it('the names of page classes and signatures are those of their types', () => {
  expect(addon.pageClasses).toEqual(Object.keys(PAGE_CLASSES));
  expect(addon.signatures).toEqual(Object.keys(SIGNATURES));
});

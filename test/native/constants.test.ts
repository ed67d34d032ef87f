import { expect, it } from 'vitest';

import { ENCODINGS } from '../../src/base/encodings.ts';
import { PLACEHOLDERS } from '../../src/content/shape.ts';
import { addon } from '../../src/native/addon.ts';
import * as constants from '../../src/native/constants.ts';
import type { PageClass, Signature } from '../../src/native/content.ts';
import { PageState } from '../../src/native/source.ts';

/** `TEXT_MARGIN` as the addon spells it: `textMargin`. */
const nativeName = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

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
  expect(addon.constants).toEqual({
    ...Object.fromEntries(Object.entries(constants).map(([name, value]) => [nativeName(name), value])),
    pageStates: Object.fromEntries(Object.entries(PageState).map(([name, bit]) => [name, Number(bit)])),
    encodings: ENCODINGS,
    placeholders: PLACEHOLDERS,
  });
});

it('the names of page classes and signatures are those of their types', () => {
  expect(addon.pageClasses).toEqual(Object.keys(PAGE_CLASSES));
  expect(addon.signatures).toEqual(Object.keys(SIGNATURES));
});

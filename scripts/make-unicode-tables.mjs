// Writes native/text/unicode_tables.h from the Unicode data of the Node that runs this:
//   node scripts/make-unicode-tables.mjs
import { writeFileSync } from 'node:fs';

const TEXT = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\p{Cf}]$/u;
const HIDDEN = /^[\p{Cf}[\p{Default_Ignorable_Code_Point}--\p{Variation_Selector}--\p{Cn}]]$/v;

const codePoints = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint);
const isText = (codePoint) => TEXT.test(String.fromCodePoint(codePoint));
const isHidden = (codePoint) => HIDDEN.test(String.fromCodePoint(codePoint));
const hex = (number) => `0x${number.toString(16)}`;

/** Returns every distinct row of 64 code points once, and for each row of the code space the index of its equal. */
function rows() {
  const distinct = new Map();
  const indexes = [];
  for (let first = 0; first < codePoints.length; first += 64) {
    let bits = 0n;
    for (let i = 0; i < 64; i++) if (isText(first + i)) bits |= 1n << BigInt(i);
    if (!distinct.has(bits)) distinct.set(bits, distinct.size);
    indexes.push(distinct.get(bits));
  }
  return { distinct: [...distinct.keys()], indexes };
}

function spans(test) {
  const found = [];
  for (const codePoint of codePoints.filter(test)) {
    const last = found.at(-1);
    if (last?.last === codePoint - 1) last.last = codePoint;
    else found.push({ first: codePoint, last: codePoint });
  }
  return found;
}

function wrapped(items) {
  const lines = [''];
  for (const item of items) {
    if (`${lines.at(-1)} ${item},`.length > 116) lines.push('');
    lines[lines.length - 1] += ` ${item},`;
  }
  return lines.map((line) => `   ${line}`).join('\n');
}

const { distinct, indexes } = rows();
const hidden = spans(isHidden).map(({ first, last }) => `{${hex(first)}, ${hex(last)}}`);

writeFileSync(
  new URL('../native/text/unicode_tables.h', import.meta.url),
  `// Made by scripts/make-unicode-tables.mjs from Unicode ${process.versions.unicode}. Do not edit.
// clang-format off
#pragma once

#include <cstdint>

namespace memscan::unicode {

struct Span {
  uint32_t first;
  uint32_t last;
};

// Bit i of a row: whether the row's i-th code point may be part of a string.
inline constexpr uint64_t kTextRows[] = {
${wrapped(distinct.map((bits) => `${hex(bits)}u`))}
};

// Which of them describes the code points from 64 * index on.
inline constexpr uint16_t kTextRowOf[] = {
${wrapped(indexes)}
};

// Part of strings, but escaped when printed.
inline constexpr Span kHidden[] = {
${wrapped(hidden)}
};

}  // namespace memscan::unicode
`,
);

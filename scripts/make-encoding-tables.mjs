// Writes native/encodings/tables.bin and tables_sizes.h, which describes it, from the decoders and the Unicode data of the
// Node that runs this:
//   node scripts/make-encoding-tables.mjs
import { writeFileSync } from 'node:fs';

import { classesOf, COSTS, LANGUAGES } from './text-model.mjs';

const classes = classesOf();
const { distinct, indexes } = rows();
const foundQuads = quads();
const file = Buffer.concat([
  ...['gb18030', 'big5', 'shift_jis', 'euc-kr'].map((label) => differencesOf(pairs(label))),
  littleEndian(foundQuads.flatMap(({ first, code, count }) => [first, code, count])),
  littleEndian(indexes),
  Buffer.concat(distinct),
]);

const write = (name, content) =>
  writeFileSync(new URL(`../native/encodings/${name}`, import.meta.url), content);
write('tables.bin', file);
write(
  'tables_sizes.h',
  `// Made by scripts/make-encoding-tables.mjs from ICU ${process.versions.icu}, Unicode ${process.versions.unicode}. Do not edit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace memscan::tables {

inline constexpr size_t kFileSize = ${file.length};
inline constexpr uint64_t kFileHash = ${hashOf(file)}u;

inline constexpr size_t kQuads = ${foundQuads.length};
inline constexpr size_t kClassRows = ${distinct.length};

inline constexpr int kLanguages = ${LANGUAGES.length};
inline constexpr int kClasses = ${COSTS[0].length};

// ${LANGUAGES.join(', ')}
// clang-format off
inline constexpr int16_t kCosts[kLanguages][kClasses] = {
${COSTS.map((costs) => `    {${costs.join(', ')}},`).join('\n')}
};
// clang-format on

}  // namespace memscan::tables
`,
);

/** Returns the code point that the bytes encode, or 0 unless it is exactly one. */
function decode(decoder, ...bytes) {
  let text;
  try {
    text = decoder.decode(Uint8Array.from(bytes));
  } catch {
    return 0;
  }
  const code = text.codePointAt(0);
  // A decoder may decode the second byte of a pair as a separate character.
  return [...text].length === 1 && classes[code] > 0 ? code : 0;
}

/** Returns the code points of all pairs of bytes whose first byte is 0x80 or more. */
function pairs(label) {
  const decoder = new TextDecoder(label, { fatal: true });
  return Array.from({ length: 0x80 * 0x100 }, (_, i) => decode(decoder, 0x80 + (i >> 8), i & 0xff));
}

/** Returns the runs of four-byte sequences for consecutive code points up to U+FFFF: their first number, code point, count. */
function quads() {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const codes = Array.from({ length: 39_420 }, (_, i) =>
    decode(
      decoder,
      0x81 + Math.floor(i / 12_600),
      0x30 + (Math.floor(i / 1260) % 10),
      0x81 + (Math.floor(i / 10) % 126),
      0x30 + (i % 10),
    ),
  );
  const spans = [];
  codes.forEach((code, number) => {
    if (code === 0) return;
    const last = spans.at(-1);
    if (last && last.first + last.count === number && last.code + last.count === code) last.count++;
    else spans.push({ first: number, code, count: 1 });
  });
  return spans;
}

/** Returns every distinct row of 64 code points once, and for each row of the code space the index of its equal. */
function rows() {
  const distinct = new Map();
  const indexes = [];
  for (let first = 0; first < classes.length; first += 64) {
    const row = classes.subarray(first, first + 64);
    const key = row.join();
    if (!distinct.has(key)) distinct.set(key, { index: distinct.size, row });
    indexes.push(distinct.get(key).index);
  }
  return { distinct: [...distinct.values()].map(({ row }) => row), indexes };
}

/**
 * Returns the difference of each code point to the last one before it, modulo 65,536; 0 if a pair has none. All high bytes
 * come first, then all low bytes: gzip, which packs the package, reduces that to a quarter.
 */
function differencesOf(codes) {
  let last = 0;
  const differences = codes.map((code) => {
    if (code === 0) return 0;
    const difference = (code - last) & 0xffff;
    last = code;
    return difference;
  });
  return Buffer.from([
    ...differences.map((value) => value >> 8),
    ...differences.map((value) => value & 0xff),
  ]);
}

function littleEndian(values) {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => bytes.writeUInt16LE(value, 2 * i));
  return bytes;
}

/** FNV-1a. */
function hashOf(bytes) {
  return bytes.reduce(
    (hash, byte) => BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n),
    0xcbf29ce484222325n,
  );
}

// Writes native/encodings/tables.cc from the decoders and the Unicode data of the Node that runs it:
//   node scripts/make-encoding-tables.mjs
import { writeFileSync } from 'node:fs';

import { classesOf, COSTS, LANGUAGES } from './text-model.mjs';

const classes = classesOf();

function wrapped(items) {
  const lines = [''];
  for (const item of items) {
    if (lines.at(-1).length + String(item).length > 116) lines.push('');
    lines[lines.length - 1] += `${item},`;
  }
  return lines.map((line) => `    ${line}`).join('\n');
}

/** The only code point that the bytes stand for, or 0. */
function decode(decoder, ...bytes) {
  let text;
  try {
    text = decoder.decode(Uint8Array.from(bytes));
  } catch {
    return 0;
  }
  const code = text.codePointAt(0);
  // A decoder may take the second byte of a pair for a character of its own.
  return [...text].length === 1 && classes[code] > 0 ? code : 0;
}

/** Code points of all pairs of bytes, the first from 0x80 on. */
function pairs(label) {
  const decoder = new TextDecoder(label, { fatal: true });
  return Array.from({ length: 0x80 * 0x100 }, (_, i) => decode(decoder, 0x80 + (i >> 8), i & 0xff));
}

/** Runs of pairs that stand for code points one after the other: first pair, how many, first code point. */
function spansOf(codes) {
  const spans = [];
  codes.forEach((code, pair) => {
    if (code === 0) return;
    const last = spans.at(-1);
    if (last && last.pair + last.count === pair && last.code + last.count === code) last.count++;
    else spans.push({ pair, count: 1, code });
  });
  return spans;
}

const pairTable = (label, name) => {
  const spans = spansOf(pairs(label)).flatMap(({ pair, count, code }) => [
    pair | (count > 1 ? 0x8000 : 0),
    ...(count > 1 ? [count] : []),
    code,
  ]);
  return `// ${label}: a pair of bytes less 0x8000; with the bit 0x8000, how many there are in a row; the first's code point.
const uint16_t ${name}[] = {
${wrapped(spans)}
};
const size_t ${name}Size = ${spans.length};
`;
};

/** The sequences of four bytes that stand for code points up to U+FFFF: number of the sequence, code point, count. */
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
  return spansOf(codes).map(({ pair, count, code }) => `{${pair}, ${code}, ${count}}`);
}

/** Every distinct block of 64 code points once, and for each block of the code space the index of its like. */
function blocks() {
  const distinct = new Map();
  const indexes = [];
  for (let first = 0; first < classes.length; first += 64) {
    const block = classes.subarray(first, first + 64).join();
    if (!distinct.has(block)) distinct.set(block, distinct.size);
    indexes.push(distinct.get(block));
  }
  return { distinct: [...distinct.keys()], indexes };
}

const { distinct, indexes } = blocks();
const foundQuads = quads();

writeFileSync(
  new URL('../native/encodings/tables.cc', import.meta.url),
  `// Made by scripts/make-encoding-tables.mjs from ICU ${process.versions.icu}, Unicode ${process.versions.unicode}. Do not edit.
// clang-format off
#include "tables.h"

namespace memscan::tables {

${pairTable('gb18030', 'kGb18030')}
${pairTable('big5', 'kBig5')}
${pairTable('shift_jis', 'kShiftJis')}
${pairTable('euc-kr', 'kEucKr')}
const Quads kGb18030Quads[] = {
${wrapped(foundQuads)}
};
const size_t kGb18030QuadsSize = ${foundQuads.length};

const uint8_t kClassBlocks[][64] = {
${distinct.map((block) => `    {${block}},`).join('\n')}
};

const uint16_t kClassBlockOf[] = {
${wrapped(indexes)}
};

// ${LANGUAGES.join(', ')}
const int16_t kCosts[kLanguages][kClasses] = {
${COSTS.map((costs) => `    {${costs.join(', ')}},`).join('\n')}
};

}  // namespace memscan::tables
`,
);
writeFileSync(
  new URL('../native/encodings/tables.h', import.meta.url),
  `// Made by scripts/make-encoding-tables.mjs. Do not edit.
// What bytes stand for in encodings of Asia, and what text is made of: see decoders.h and model.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace memscan::tables {

extern const uint16_t kGb18030[];
extern const size_t kGb18030Size;
extern const uint16_t kBig5[];
extern const size_t kBig5Size;
extern const uint16_t kShiftJis[];
extern const size_t kShiftJisSize;
extern const uint16_t kEucKr[];
extern const size_t kEucKrSize;

/// Sequences of four bytes in a row, from number \`first\` on.
struct Quads {
  uint16_t first;
  uint16_t codePoint;
  uint16_t count;
};
extern const Quads kGb18030Quads[];
extern const size_t kGb18030QuadsSize;

inline constexpr int kLanguages = ${LANGUAGES.length};
inline constexpr int kClasses = ${COSTS[0].length};

// Blocks of 64 code points: the class of each, 0 = no text.
extern const uint8_t kClassBlocks[][64];
extern const uint16_t kClassBlockOf[];

// What a character of a class costs in a language, in 1/16 bits.
extern const int16_t kCosts[kLanguages][kClasses];

}  // namespace memscan::tables
`,
);

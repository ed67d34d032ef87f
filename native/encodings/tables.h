// The characters of East Asian encodings, and the classes of characters: see codec.h and model.h. Most of this data is
// in a file, tables.bin, which the package contains once for all architectures and which is loaded when first needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tables_sizes.h"

namespace memscan::tables {

/// The code points of an encoding's pairs of bytes, by their big-endian value less 0x8000; 0 = none.
using Pairs = uint16_t[0x8000];

/// Consecutive four-byte sequences, from number `first` on, for consecutive code points.
struct Quads {
  uint16_t first;
  uint16_t codePoint;
  uint16_t count;
};

struct Tables {
  Pairs gb18030;
  Pairs big5;
  Pairs shiftJis;
  Pairs eucKr;
  Quads gb18030Quads[kQuads];
  // Rows of 64 code points: the class of each; 0 = not text.
  uint16_t classRowOf[0x110000 / 64];
  uint8_t classRows[kClassRows][64];
};

/// All zeros until load() fills it.
extern Tables data;

/// Fills `data` from the content of tables.bin, on whichever thread calls first. Returns false without effect if `file`
/// is not the file that this code was built for.
bool load(std::span<const uint8_t> file);

bool areLoaded();

}  // namespace memscan::tables

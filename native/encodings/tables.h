// What bytes stand for in encodings of Asia, and what text is made of: see codec.h and model.h. Most of it is in a
// file, which the package carries once for all machines, and which is loaded when it is first needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tables_sizes.h"

namespace memscan::tables {

/// What an encoding's pairs of bytes less 0x8000 stand for; 0 = nothing.
using Pairs = uint16_t[0x8000];

/// Sequences of four bytes in a row, from number `first` on.
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
  // Blocks of 64 code points: the class of each, 0 = no text.
  uint16_t classRowOf[0x110000 / 64];
  uint8_t classRows[kClassRows][64];
};

/// Written by load() alone: nothing but zeros before.
extern Tables data;

/// Fills `data` from what tables.bin holds, on whichever thread comes first. Returns false, and does nothing, where
/// that is another file than this code was built for.
bool load(std::span<const uint8_t> file);

bool areLoaded();

}  // namespace memscan::tables

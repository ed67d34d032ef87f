// Made by scripts/make-encoding-tables.mjs. Do not edit.
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

/// Sequences of four bytes in a row, from number `first` on.
struct Quads {
  uint16_t first;
  uint16_t codePoint;
  uint16_t count;
};
extern const Quads kGb18030Quads[];
extern const size_t kGb18030QuadsSize;

inline constexpr int kLanguages = 6;
inline constexpr int kClasses = 55;

// Blocks of 64 code points: the class of each, 0 = no text.
extern const uint8_t kClassBlocks[][64];
extern const uint16_t kClassBlockOf[];

// What a character of a class costs in a language, in 1/16 bits.
extern const int16_t kCosts[kLanguages][kClasses];

}  // namespace memscan::tables

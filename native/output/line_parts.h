// The parts of lines: numbers, addresses, regions. Each function writes at `out` and returns the end. Callers have made
// room for the longest line, so no function checks its output byte by byte.
#pragma once

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "region_label.h"

namespace memscan {

inline constexpr std::string_view kAddressColor = "\x1b[32m";
inline constexpr std::string_view kLabelColor = "\x1b[35m";
inline constexpr std::string_view kMatchColor = "\x1b[1;31m";
inline constexpr std::string_view kNoColor = "\x1b[0m";

[[gnu::always_inline]] inline uint8_t* put(uint8_t* out, std::string_view text) {
  return std::copy(text.begin(), text.end(), out);
}

inline uint8_t* putDecimal(uint8_t* out, uint64_t number) {
  char* const begin = reinterpret_cast<char*>(out);
  return out + (std::to_chars(begin, begin + 20, number).ptr - begin);
}

// Returns eight hexadecimal digits, the first in the lowest byte: spreads each half byte to a byte, then makes it a
// character.
inline uint64_t hexDigits(uint32_t number) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  uint64_t digits = number;
  digits = (digits | digits << 16) & 0x0000ffff0000ffff;
  digits = (digits | digits << 8) & 0x00ff00ff00ff00ff;
  digits = (digits | digits << 4) & 0x0f * kOnes;
  const uint64_t letters = (digits + 6 * kOnes) >> 4 & kOnes;
  return __builtin_bswap64(digits + '0' * kOnes + letters * ('a' - '9' - 1));
}

// Overwrites 16 bytes, however many digits there are.
inline uint8_t* putHex(uint8_t* out, uint64_t number, int atLeast) {
  const int digits = std::max({atLeast, 1, (67 - std::countl_zero(number)) / 4});
  const uint64_t first = number << (64 - 4 * digits);
  const uint64_t text[2] = {hexDigits(first >> 32), hexDigits(static_cast<uint32_t>(first))};
  std::memcpy(out, text, 16);
  return out + digits;
}

inline uint8_t* putAddress(uint8_t* out, uint64_t address, int digits) {
  return putHex(put(out, "0x"), address, digits);
}

inline uint8_t* putLabel(uint8_t* out, const RegionLabel& label, bool color) {
  if (color) out = put(out, kLabelColor);
  out = put(out, label.text);
  if (color) out = put(out, kNoColor);
  return put(out, "  ");
}

/// Writes the beginning of a line: the address, and the region's label if there is one.
inline uint8_t* putLineStart(uint8_t* out, uint64_t address, int digits, const RegionLabel* label, bool color) {
  if (color) out = put(out, kAddressColor);
  out = putAddress(out, address, digits);
  if (color) out = put(out, kNoColor);
  out = put(out, "  ");
  return label ? putLabel(out, *label, color) : out;
}

}  // namespace memscan

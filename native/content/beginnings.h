// The first two bytes of well-known content: they select what signatures.cc checks.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace memscan {

/// Calls `take(first, second)` for each pair of bytes that begins well-known content.
constexpr void eachBeginning(auto take) {
  constexpr std::string_view kPairs =
      "\x1f\x8bx\x01x\x5ex\x9cx\xda\x89P\xff\xd8\xca\xfe\x7f\x45\x14\x03\x15\x03\x16\x03\x17\x03{\"[{GEPUPOPAHEHTDE";
  for (size_t i = 0; i < kPairs.size(); i += 2) {
    take(static_cast<uint8_t>(kPairs[i]), static_cast<uint8_t>(kPairs[i + 1]));
  }
  for (int second = 1; second < 256; second++) {  // protobuf's first field: a number, or bytes
    take(uint8_t{0x08}, static_cast<uint8_t>(second));
    if (second < 128) take(uint8_t{0x0a}, static_cast<uint8_t>(second));
  }
}

/// A set of these pairs, with a bit for each pair of bytes.
struct BeginningPairs {
  std::array<uint64_t, 1024> bits = {};

  constexpr BeginningPairs() {
    eachBeginning(
        [this](uint8_t first, uint8_t second) { bits[second << 2 | first >> 6] |= uint64_t{1} << (first & 63); });
  }
  constexpr bool hold(const uint8_t* p) const { return bits[p[1] << 2 | p[0] >> 6] >> (p[0] & 63) & 1; }
};

inline constexpr BeginningPairs kBeginningPairs;

/// The same set for shuffle instructions, as an over-approximation: a pair may be in it only if its four halves have a
/// bit in common. Each bit represents several pairs, and pairs that combine their halves pass, too.
struct BeginningNibbles {
  std::array<uint8_t, 16> firstLow = {}, firstHigh = {}, secondLow = {}, secondHigh = {};

  constexpr BeginningNibbles() {
    eachBeginning([this](uint8_t first, uint8_t second) {
      const auto bit = static_cast<uint8_t>(1 << groupOf(first));
      firstLow[first & 15] |= bit;
      firstHigh[first >> 4] |= bit;
      secondLow[second & 15] |= bit;
      secondHigh[second >> 4] |= bit;
    });
  }

 private:
  static constexpr int groupOf(uint8_t first) {
    if (first == 0x08 || first == 0x0a) return 0;
    if (first >> 4 == 1) return first == 0x1f ? 1 : 2;
    if (first == 'x') return 3;
    if (first == '{' || first == '[') return 4;
    if (first >> 4 == 4) return 5;
    return first == 'P' ? 6 : first == 0x89 ? 1 : 7;
  }
};

inline constexpr BeginningNibbles kBeginningNibbles;

}  // namespace memscan

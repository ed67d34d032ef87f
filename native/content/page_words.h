// What the words of a page are, written so that the compiler makes vectors of it. Each instruction set includes this
// file in its own target region.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel.h"

namespace memscan {

/// `Isa` keeps the instruction sets' copies apart.
template <class Isa>
class WordCounter {
 public:
  static WordCounts count(const uint64_t* words) {
    uint64_t sums = 0;  // eight bits each
    uint64_t pointers[kSampledWords];
    for (size_t i = 0; i < kSampledWords; i++) {
      const uint64_t word = words[i];
      const uint64_t zero = word == 0;
      const uint64_t text = isText(word) | isWide(word) | (isWide(word >> 8) & ((word & 0xff) == 0));
      const uint64_t small = isSmall(word) & ~zero;
      const uint64_t pointer = mayPoint(word) & ~(text | small | zero) & 1;
      const uint64_t isDouble = inDoubles(word) & ~(text | pointer) & 1;
      const uint64_t isFloat = inFloats(word) & ~zero & 1;
      pointers[i] = pointer;
      sums += zero | text << 8 | (small & 1) << 16 | isDouble << 24 | isFloat << 32;
    }
    uint64_t mayPoint = 0;
    for (size_t i = 0; i < kSampledWords; i++) mayPoint |= pointers[i] << i;
    const auto sum = [sums](int number) { return static_cast<size_t>(sums >> 8 * number & 0xff); };
    return {sum(0), sum(1), sum(2), sum(3), sum(4), mayPoint};
  }

 private:
  // Whether eight bytes may be amid text in UTF-8: no controls, and lead and continuation bytes as they follow on each
  // other. Of random ones, one in a hundred is.
  static uint64_t isText(uint64_t word) {
    constexpr uint64_t kHigh = 0x8080808080808080;
    const uint64_t high = word & kHigh;
    const uint64_t noControls = (((word & ~kHigh) + 0x6060606060606060) | high) & kHigh;  // bytes from 0x20 or 0x80 on
    const uint64_t leads = high & word << 1;
    const uint64_t follows = high & ~(word << 1);
    const uint64_t unled = (follows & ~((leads | follows) << 8)) >> 8;  // the first byte may follow on others
    return ((noControls ^ kHigh) | unled | (leads << 8 & ~follows)) == 0;
  }

  // Whether four units of UTF-16 are in ASCII, none of them a control: the word's, or those that begin a byte later.
  static uint64_t isWide(uint64_t word) {
    constexpr uint64_t kBit6 = 0x0040004000400040;
    const uint64_t isAscii = (word & 0xff80ff80ff80ff80) == 0;
    return isAscii & (((word | word << 1) & kBit6) == kBit6);  // bit 5 or 6 of each
  }

  // Both halves from -0x10000 to 0xffff.
  static uint64_t isSmall(uint64_t word) {
    const uint64_t low = (word & 0xffffffff) + 0x10000;
    const uint64_t high = (word >> 32) + 0x10000;
    return ((low | high) & 0xfffe0000) == 0;
  }

  static uint64_t mayPoint(uint64_t word) {
    const uint64_t aboveFirstPage = word >> 12 != 0;
    const uint64_t inUserSpace = word >> 57 == 0;
    return aboveFirstPage & inUserSpace;
  }

  // Magnitudes from 2^-40 to 2^40; of random bytes, one in 25 is.
  static uint64_t inDoubles(uint64_t word) {
    const auto exponent = static_cast<int64_t>(word >> 52 & 0x7ff);
    return static_cast<uint64_t>(exponent >= 1023 - 40) & static_cast<uint64_t>(exponent <= 1023 + 40);
  }

  // From 2^-20 to 2^20, both of them; of random bytes, one in 40 is.
  static uint64_t inFloats(uint64_t word) { return isFloat(word >> 23 & 0xff) & isFloat(word >> 55 & 0xff); }
  static uint64_t isFloat(uint64_t exponent) {
    const auto number = static_cast<int64_t>(exponent);
    return static_cast<uint64_t>(number >= 127 - 20) & static_cast<uint64_t>(number <= 127 + 20);
  }
};

}  // namespace memscan

// Counting the kinds of words in a page, written so that the compiler vectorizes it. Each instruction set includes this
// file in its own target region.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel.h"

namespace memscan {

/// `Isa` separates the instruction sets' copies.
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
  // Whether eight bytes may be inside text in UTF-8: no controls, and lead and continuation bytes that match. One in a
  // hundred random words passes.
  static uint64_t isText(uint64_t word) {
    constexpr uint64_t kHigh = 0x8080808080808080;
    const uint64_t high = word & kHigh;
    const uint64_t noControls = (((word & ~kHigh) + 0x6060606060606060) | high) & kHigh;  // bytes that are not controls
    const uint64_t leads = high & word << 1;
    const uint64_t follows = high & ~(word << 1);
    const uint64_t unled =
        (follows & ~((leads | follows) << 8)) >> 8;  // the first byte may continue a character that began before
    return ((noControls ^ kHigh) | unled | (leads << 8 & ~follows)) == 0;
  }

  // Whether four UTF-16 units are ASCII and none is a control: those of the word, or those that begin a byte later.
  static uint64_t isWide(uint64_t word) {
    constexpr uint64_t kBit6 = 0x0040004000400040;
    const uint64_t isAscii = (word & 0xff80ff80ff80ff80) == 0;
    return isAscii & (((word | word << 1) & kBit6) == kBit6);  // bit 5 or 6 of each
  }

  // Whether both halves are between -0x10000 and 0xffff.
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

  // Whether its magnitude as a double is between 2^-40 and 2^40. One in 25 random words passes.
  static uint64_t inDoubles(uint64_t word) {
    const auto exponent = static_cast<int64_t>(word >> 52 & 0x7ff);
    return static_cast<uint64_t>(exponent >= 1023 - 40) & static_cast<uint64_t>(exponent <= 1023 + 40);
  }

  // Whether the magnitudes of both floats are between 2^-20 and 2^20. One in 40 random words passes.
  static uint64_t inFloats(uint64_t word) { return isFloat(word >> 23 & 0xff) & isFloat(word >> 55 & 0xff); }
  static uint64_t isFloat(uint64_t exponent) {
    const auto number = static_cast<int64_t>(exponent);
    return static_cast<uint64_t>(number >= 127 - 20) & static_cast<uint64_t>(number <= 127 + 20);
  }
};

}  // namespace memscan

// Finding a word that is an address in a range, written once over the vector interface of runs.h and
//
//   Isa::wordsIn(vector, start, size)   one bit a word of 8 bytes, bit i for word i: word - start < size, unsigned
#pragma once

#include <bit>
#include <cstdint>

#include "kernel.h"

namespace memscan {

template <class Isa>
class PointerFinder {
 public:
  PointerFinder(const AddressRange& range, const uint8_t* end) : start_(range.start), size_(range.size), end_(end) {}

  // Reads at most 63 bytes beyond the data.
  const uint8_t* find(const uint8_t* from) const {
    for (const uint8_t* p = skip(from); end_ - p >= 8; p += 64) {
      if (const uint64_t words = wordsAt(p)) {
        const uint8_t* const word = p + 8 * std::countr_zero(words);
        return end_ - word >= 8 ? word : end_;
      }
    }
    return end_;
  }

 private:
  static constexpr ptrdiff_t kStep = 4 * 64;

  uint64_t wordsAt(const uint8_t* p) const { return Isa::wordsIn(Isa::load(p), start_, size_); }

  // Skips steps without such a word.
  const uint8_t* skip(const uint8_t* p) const {
    while (end_ - p >= kStep && !(wordsAt(p) | wordsAt(p + 64) | wordsAt(p + 128) | wordsAt(p + 192))) p += kStep;
    return p;
  }

  const uint64_t start_;
  const uint64_t size_;
  const uint8_t* const end_;
};

template <class Isa>
const uint8_t* findPointerWith(const uint8_t* from, const uint8_t* end, const AddressRange& range) {
  return PointerFinder<Isa>(range, end).find(from);
}

}  // namespace memscan

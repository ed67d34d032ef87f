// Finding a literal, written once over the vector interface of runs.h and
//
//   Isa::equals(vector, byte)    one bit a byte: byte == `byte`
//   Isa::with(vector, bits)      a vector: each byte with these bits set
//
// For 64 positions at a time: are the needle's two rarest bytes where they should be? If both are, compare the whole
// needle.
#pragma once

#include <bit>
#include <cstdint>

#include "kernel.h"

namespace memscan {

/// `Folds`: whether any bits of the two rarest bytes match any value.
template <class Isa, bool Folds>
class NeedleFinder {
 public:
  explicit NeedleFinder(const Needle& needle)
      : needle_(needle),
        first_(needle.bytes[needle.first]),
        second_(needle.bytes[needle.second]),
        foldFirst_(needle.foldAt(needle.first)),
        foldSecond_(needle.foldAt(needle.second)) {}

  const uint8_t* find(const uint8_t* from, const uint8_t* end) const {
    const size_t length = needle_.bytes.size();
    if (static_cast<size_t>(end - from) < length) return end;
    const uint8_t* const last = end - length;
    for (const uint8_t* p = skip(from, last); p <= last; p = skip(p + 64, last)) {
      for (uint64_t candidates = candidatesAt(p); candidates; candidates &= candidates - 1) {
        const uint8_t* const begin = p + std::countr_zero(candidates);
        if (begin > last) return end;
        if (needle_.isAt(begin)) return begin;
      }
    }
    return end;
  }

 private:
  // Always compares both bytes: in random bytes a single one occurs too often for a branch on it to be predictable.
  uint64_t candidatesAt(const uint8_t* p) const {
    return candidatesOf(first_, foldFirst_, p + needle_.first) & candidatesOf(second_, foldSecond_, p + needle_.second);
  }

  static uint64_t candidatesOf(uint8_t byte, uint8_t fold, const uint8_t* p) {
    const auto vector = Isa::load(p);
    return Isa::equals(Folds ? Isa::with(vector, fold) : vector, byte);
  }

  // Returns the first position, in steps of 64 bytes from `p`, with a candidate in its 64 bytes, or one beyond `last`.
  // A function of its own, because a call inside the loop would cost it its registers.
  const uint8_t* skip(const uint8_t* p, const uint8_t* last) const {
    while (p + 64 <= last && !(candidatesAt(p) | candidatesAt(p + 64))) p += 128;
    while (p <= last && !candidatesAt(p)) p += 64;
    return p;
  }

  const Needle& needle_;
  const uint8_t first_;
  const uint8_t second_;
  const uint8_t foldFirst_;
  const uint8_t foldSecond_;
};

template <class Isa>
Occurrence findNeedleWith(const uint8_t* from, const uint8_t* end, const Needle& needle) {
  const bool folds = needle.foldAt(needle.first) || needle.foldAt(needle.second);
  return {folds ? NeedleFinder<Isa, true>(needle).find(from, end) : NeedleFinder<Isa, false>(needle).find(from, end),
          needle.bytes.size()};
}

}  // namespace memscan

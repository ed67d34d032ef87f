// Finding a literal, written once over the vector interface of runs.h and
//
//   Isa::equals(block, byte)    one bit a byte: byte == `byte`
//
// For 64 places at a time: do the needle's two rarest bytes stand where they belong? Where both do, compare the whole.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "kernel.h"

namespace memscan {

template <class Isa>
class NeedleFinder {
 public:
  explicit NeedleFinder(const Needle& needle)
      : needle_(needle), first_(needle.bytes[needle.first]), second_(needle.bytes[needle.second]) {}

  const uint8_t* find(const uint8_t* from, const uint8_t* end) const {
    const size_t length = needle_.bytes.size();
    if (static_cast<size_t>(end - from) < length) return end;
    const uint8_t* const last = end - length;
    for (const uint8_t* p = skip(from, last); p <= last; p = skip(p + 64, last)) {
      for (uint64_t places = placesAt(p); places; places &= places - 1) {
        const uint8_t* const place = p + std::countr_zero(places);
        if (place > last) return end;
        if (!std::memcmp(place, needle_.bytes.data(), length)) return place;
      }
    }
    return end;
  }

 private:
  // Both bytes are always compared: in random bytes, one alone would be there too often to predict a branch by.
  uint64_t placesAt(const uint8_t* p) const {
    return Isa::equals(Isa::load(p + needle_.first), first_) & Isa::equals(Isa::load(p + needle_.second), second_);
  }

  // The first of the words of 64 bytes from `p` on that may hold a place, or one beyond `last`. Apart from what is done
  // there, since a call in the loop would cost it its registers.
  const uint8_t* skip(const uint8_t* p, const uint8_t* last) const {
    while (p + 64 <= last && !(placesAt(p) | placesAt(p + 64))) p += 128;
    while (p <= last && !placesAt(p)) p += 64;
    return p;
  }

  const Needle& needle_;
  const uint8_t first_;
  const uint8_t second_;
};

template <class Isa>
const uint8_t* findNeedleWith(const uint8_t* from, const uint8_t* end, const Needle& needle) {
  return NeedleFinder<Isa>(needle).find(from, end);
}

}  // namespace memscan

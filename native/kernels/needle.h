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
const uint8_t* findNeedleWith(const uint8_t* from, const uint8_t* end, const Needle& needle) {
  const size_t length = needle.bytes.size();
  if (static_cast<size_t>(end - from) < length) return end;
  const uint8_t* const last = end - length;
  const uint8_t first = needle.bytes[needle.first];
  const uint8_t second = needle.bytes[needle.second];

  for (const uint8_t* p = from; p <= last; p += 64) {
    uint64_t places = Isa::equals(Isa::load(p + needle.first), first);
    if (places) places &= Isa::equals(Isa::load(p + needle.second), second);
    for (; places; places &= places - 1) {
      const uint8_t* const place = p + std::countr_zero(places);
      if (place > last) return end;
      if (!std::memcmp(place, needle.bytes.data(), length)) return place;
    }
  }
  return end;
}

}  // namespace memscan

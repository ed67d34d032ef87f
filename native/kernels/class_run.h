// Finding a run of bytes of one class, written once over the vector interfaces of runs.h and needle_set.h:
//
//   classify   look up by the low half which high halves make a byte of the class, and test the byte's own high half
//   erode      bit i = "the `length` bytes up to i are all of the class"
//
// The first bit left is the last byte of the first run. If the wanted run is longer than an erosion can span, this
// finds its beginning, and the rest is checked byte by byte.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "erosion.h"
#include "kernel.h"

namespace memscan {

template <class Isa>
class ClassRunFinder {
 public:
  explicit ClassRunFinder(const ClassRun& run)
      : run_(run),
        eroded_(std::min(run.length(), kLongestErosion)),
        rows_(Isa::table(run.rows())),
        bits_(Isa::table(kBits)) {}

  const uint8_t* find(const uint8_t* from, const uint8_t* end) const {
    for (;;) {
      const uint8_t* const begin = findEroded(from, end);
      if (begin == end) return end;
      const uint8_t* p = begin + eroded_;
      while (p < end && static_cast<size_t>(p - begin) < run_.length() && run_.has(*p)) p++;
      if (static_cast<size_t>(p - begin) == run_.length()) return begin;
      from = p;
    }
  }

 private:
  using Lanes = typename Isa::Lanes;
  static constexpr int kLanes = sizeof(Lanes) / sizeof(uint64_t);
  static constexpr size_t kWords = 8;

  static constexpr uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128};

  const uint8_t* findEroded(const uint8_t* from, const uint8_t* end) const {
    Erosion<Isa> erosion(eroded_);
    alignas(64) uint64_t masks[kWords];
    for (const uint8_t* p = from; p < end; p += 64 * kWords) {
      classify(p, end, masks);
      Lanes any = {};
      for (size_t i = 0; i < kWords; i += kLanes) {
        Lanes lanes;
        std::memcpy(&lanes, masks + i, sizeof lanes);
        lanes = erosion.erode(lanes);
        std::memcpy(masks + i, &lanes, sizeof lanes);
        any |= lanes;
      }
      if (Words<Isa>::any(any)) return firstBit(p, masks) - (eroded_ - 1);
    }
    return end;
  }

  static const uint8_t* firstBit(const uint8_t* p, const uint64_t* masks) {
    for (; !*masks; masks++) p += 64;
    return p + std::countr_zero(*masks);
  }

  // Reads at most 63 bytes beyond the data.
  void classify(const uint8_t* p, const uint8_t* end, uint64_t* masks) const {
    const size_t left = end - p;
    if (left >= 64 * kWords) {
      for (size_t i = 0; i < kWords; i++) masks[i] = maskAt(p + 64 * i);
      return;
    }
    for (size_t i = 0; i < kWords; i++) masks[i] = 64 * i < left ? maskAt(p + 64 * i) : 0;
    if (left % 64) masks[left / 64] &= ~(~uint64_t{0} << left % 64);
  }

  uint64_t maskAt(const uint8_t* p) const {
    const auto vector = Isa::load(p);
    return Isa::anyBoth(Isa::lookup(rows_, Isa::low(vector)), Isa::lookup(bits_, Isa::high(vector)));
  }

  const ClassRun& run_;
  const uint32_t eroded_;  // length of the runs that erosion finds
  const typename Isa::Table rows_;
  const typename Isa::Table bits_;
};

template <class Isa>
Occurrence findClassRunWith(const uint8_t* from, const uint8_t* end, const ClassRun& run) {
  return {ClassRunFinder<Isa>(run).find(from, end), run.length()};
}

}  // namespace memscan

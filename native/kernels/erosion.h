// Masks with one bit a byte, processed a register of words (Isa::Lanes) at a time, and their erosion:
//
//   bit i = "the `length` bits up to i are all set", by shifts of 1, 2, 4, ... and ands
//
// Shifts cross words and registers: they shift in the bits of the word before.
#pragma once

#include <cstddef>
#include <cstdint>

namespace memscan {

template <class Isa>
struct Words {
  using Lanes = typename Isa::Lanes;
  static constexpr int kLanes = sizeof(Lanes) / sizeof(uint64_t);

  // Shifts each lane's bits up by `count` (1 to 63), shifting in those of the lane before.
  static Lanes shift(Lanes lanes, Lanes previous, int count) {
    return lanes << count | before(lanes, previous) >> (64 - count);
  }

  static Lanes before(Lanes lanes, Lanes previous) {
    if constexpr (kLanes == 8) {
      return __builtin_shufflevector(previous, lanes, 7, 8, 9, 10, 11, 12, 13, 14);
    } else if constexpr (kLanes == 4) {
      return __builtin_shufflevector(previous, lanes, 3, 4, 5, 6);
    } else {
      return __builtin_shufflevector(previous, lanes, 1, 2);
    }
  }

  static bool any(Lanes lanes) {
    uint64_t bits = 0;
    for (int i = 0; i < kLanes; i++) bits |= lanes[i];
    return bits != 0;
  }

  static uint64_t last(Lanes lanes) { return lanes[kLanes - 1]; }
};

/// The longest run that an erosion's shifts can span.
inline constexpr uint32_t kLongestErosion = 64;

template <class Isa>
class Erosion {
 public:
  using Lanes = typename Isa::Lanes;

  /// `length`: 1 to kLongestErosion.
  explicit Erosion(uint32_t length) {
    for (uint32_t have = 1; have < length; have += shifts_[levels_++]) {
      shifts_[levels_] = have < length - have ? have : length - have;
    }
  }

  /// Continues as if all the bits before were set.
  void open() {
    for (Lanes& carry : carries_) carry = ~Lanes{};
  }

  /// Whether the last word had bits set, unless `length` is 1: the next words may then continue a run.
  bool goesOn() const { return Words<Isa>::last(carries_[0]) != 0; }

  Lanes erode(Lanes mask) {
    for (int level = 0; level < levels_; level++) {
      const Lanes previous = carries_[level];
      carries_[level] = mask;
      mask &= Words<Isa>::shift(mask, previous, shifts_[level]);
    }
    return mask;
  }

 private:
  static constexpr int kLevels = 6;  // 1 + 1 + 2 + 4 + 8 + 16 + 32 = kLongestErosion

  int levels_ = 0;
  int shifts_[kLevels] = {};
  Lanes carries_[kLevels] = {};  // by level: the register before, whose last lane is shifted in
};

}  // namespace memscan

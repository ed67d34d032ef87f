// Finding needles of a set, written once over the vector interface of runs.h and
//
//   Isa::Table, Isa::table(p)       16 bytes to look up
//   Isa::lookup(table, vector)      a vector: the table's entry for each byte (0 to 15)
//   Isa::low(vector), high(vector)  vectors: the low and the high half of each byte
//   Isa::both(a, b)                 a vector: the bits that are set in both
//   Isa::anyBoth(a, b)              one bit a byte: whether any bit is set in both
//
// NeedleSet describes the two filters. The first one, for 64 positions at a time:
//
//   groups = all groups
//   for each byte of a window:
//     groups &= those with its low half in their table & those with its high half in theirs
//   the candidates are the positions that have a group left
//
// A window need not be at its needle's beginning, and a needle that begins earlier may have its window later. So after
// finding a needle the search continues up to the last position where a needle that begins no later may have its
// window.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "kernel.h"

namespace memscan {

/// Returns for each byte of a vector the groups that contain it, and possibly more.
template <class Isa>
class GroupLookup {
 public:
  GroupLookup() = default;
  explicit GroupLookup(const NeedleSet::Groups& groups)
      : low_(Isa::table(groups.low)), high_(Isa::table(groups.high)) {}

  typename Isa::Vector operator()(const typename Isa::Vector& vector) const {
    return Isa::both(Isa::lookup(low_, Isa::low(vector)), Isa::lookup(high_, Isa::high(vector)));
  }

 private:
  typename Isa::Table low_;
  typename Isa::Table high_;
};

template <class Isa, size_t WindowLength>
class NeedleSetFinder {
 public:
  NeedleSetFinder(const NeedleSet& set, const uint8_t* from, const uint8_t* end)
      : set_(set), from_(from), end_(end), last_(end - WindowLength), best_{end, 0} {
    for (size_t i = 0; i < WindowLength; i++) groups_[i] = GroupLookup<Isa>(set.groupsAt(i));
    for (size_t i = 0; i < 64; i += set.stride()) atStride_ |= uint64_t{1} << i;
  }

  Occurrence find() {
    for (const uint8_t* p = from_; p <= last_; p += 64 * kWords) {
      uint64_t candidates[kWords];
      if (classify(p, candidates)) examine(p, candidates);
    }
    return best_;
  }

 private:
  static constexpr size_t kWords = 8;

  // Reads windows up to their last byte, so at most 63 bytes beyond the data.
  bool classify(const uint8_t* p, uint64_t* candidates) const {
    const size_t most = last_ - p;  // index of a candidate
    uint64_t any = 0;
    if (most >= 64 * kWords - 1) {
      for (size_t i = 0; i < kWords; i++) any |= candidates[i] = candidatesAt(p + 64 * i);
    } else {
      for (size_t i = 0; i < kWords; i++) candidates[i] = 64 * i <= most ? candidatesAt(p + 64 * i) : 0;
      candidates[most / 64] &= ~uint64_t{0} >> (63 - most % 64);
      for (size_t i = 0; i < kWords; i++) any |= candidates[i];
    }
    return any;
  }

  uint64_t candidatesAt(const uint8_t* p) const {
    auto groups = groupsAt(p, 0);
    for (size_t i = 1; i + 1 < WindowLength; i++) groups = Isa::both(groups, groupsAt(p, i));
    return Isa::anyBoth(groups, groupsAt(p, WindowLength - 1)) & atStride_;
  }

  typename Isa::Vector groupsAt(const uint8_t* p, size_t i) const { return groups_[i](Isa::load(p + i)); }

  // Applies the second filter, without branching on its result, then compares whole needles. Reads keys up to 3 bytes
  // beyond the data. Not inlined, so that the loop over all vectors keeps its tables in registers.
  __attribute__((noinline)) void examine(const uint8_t* p, const uint64_t* candidates) {
    uint32_t found[64 * kWords];
    size_t count = 0;
    for (size_t i = 0; i < kWords; i++) {
      for (uint64_t rest = candidates[i]; rest; rest &= rest - 1) {
        const uint32_t at = static_cast<uint32_t>(64 * i) + std::countr_zero(rest);
        found[count] = at;
        count += set_.mayHave(set_.keyAt(p + at));
      }
    }
    for (size_t i = 0; i < count && p + found[i] <= last_; i++) compare(p + found[i], set_.keyAt(p + found[i]));
  }

  // Compares the needles that have a window here, and keeps the best one: that which begins first, and of these the
  // shortest. Their other keys end at most 2 * kLongestWindow bytes after the window's beginning.
  void compare(const uint8_t* window, uint32_t key) {
    for (const NeedleSet::Window& known : set_.windowsOf(key)) {
      if (known.key != key || static_cast<size_t>(window - from_) < known.offset) continue;
      const uint8_t* const begin = window - known.offset;
      if (set_.keyAt(begin + known.otherOffset) == known.otherKey) compare(begin, set_.needle(known));
    }
  }

  void compare(const uint8_t* begin, const Needle& needle) {
    const size_t length = needle.bytes.size();
    const bool better = begin < best_.begin || (begin == best_.begin && length < best_.length);
    if (!better || static_cast<size_t>(end_ - begin) < length || !needle.isAt(begin)) return;
    best_ = {begin, length};
    last_ = std::min(last_, begin + set_.farthest());
  }

  const NeedleSet& set_;
  const uint8_t* const from_;
  const uint8_t* const end_;
  const uint8_t* last_;  // the last position where a window matters
  Occurrence best_;
  uint64_t atStride_ = 0;  // of 64 positions, those that are multiples of the stride
  GroupLookup<Isa> groups_[WindowLength];
};

template <class Isa>
Occurrence findNeedlesWith(const uint8_t* from, const uint8_t* end, const NeedleSet& set) {
  if (static_cast<size_t>(end - from) < set.shortest()) return {end, 0};
  switch (set.windowLength()) {
    case 1:
      return NeedleSetFinder<Isa, 1>(set, from, end).find();
    case 2:
      return NeedleSetFinder<Isa, 2>(set, from, end).find();
    case 3:
      return NeedleSetFinder<Isa, 3>(set, from, end).find();
    default:
      return NeedleSetFinder<Isa, 4>(set, from, end).find();
  }
}

}  // namespace memscan

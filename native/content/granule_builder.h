// Sums up the strings of one chunk, granule by granule.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "granule.h"

namespace memscan {

/// Takes the strings of one granule as long as their bytes stand in the chunk's buffer. Most families of many have one
/// string, or one value: nothing of theirs is copied before it is known that they are kept.
class GranuleBuilder {
 public:
  void add(const Member& member);

  bool isEmpty() const { return slots_.empty(); }

  /// The granule; the builder is empty then. `isWhole`: no other chunk holds strings of it.
  Granule finish(uint64_t number, bool isWhole);

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};
  static constexpr size_t kRecent = 1024;

  struct Slot {
    uint64_t key;
    Member first;
    Value value;       // of the first
    uint32_t strings;  // all of them of that value and in that place, as long as there is no family
    uint32_t family;
  };

  struct Entry {
    uint32_t keyHalf;  // the upper: most slots need no look
    uint32_t slot;
  };

  uint32_t slotOf(const Member& member, Value value);
  uint32_t slotWithKey(uint64_t key, const Member& member, Value value);
  void grow();
  Family& familyOf(uint32_t number);
  void clear();

  std::vector<Slot> slots_;
  std::vector<uint64_t> sizes_;  // bytes, by slot
  std::vector<Family> families_;
  std::vector<uint64_t> ordered_;                      // widths, to find the least that is kept
  std::vector<Entry> index_;                           // of slots by key; a power of two
  std::vector<std::pair<uint64_t, uint32_t>> recent_;  // slots by value: what repeats is not read twice
};

}  // namespace memscan

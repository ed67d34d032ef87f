// Summing up the strings of one chunk, granule by granule.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "granule.h"

namespace memscan {

/// Collects the strings of one granule while their bytes are in the chunk's buffer. If there are many families, most
/// have one string or one value: nothing of them is copied before it is known that they are kept.
class GranuleBuilder {
 public:
  void add(const Member& member);

  bool isEmpty() const { return slots_.empty(); }

  /// Returns the granule, and empties the builder. `isWhole`: no other chunk contains strings of it.
  Granule finish(uint64_t number, bool isWhole);

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};
  static constexpr size_t kRecent = 1024;

  struct Slot {
    uint64_t key;
    Member first;
    Value value;       // of the first string
    uint32_t strings;  // strings of the first one's value, encoding and location, as long as there is no family
    uint32_t family;
  };

  struct Entry {
    uint32_t keyHalf;  // the upper half of the key: spares comparing most slots
    uint32_t slot;
  };

  uint32_t slotOf(const Member& member, Value value);
  uint32_t slotWithKey(uint64_t key, const Member& member, Value value);
  void grow();
  Family& familyOf(uint32_t number);
  void clear();

  std::vector<Slot> slots_;
  std::vector<uint64_t> sizes_;  // in bytes, by slot
  std::vector<Family> families_;
  std::vector<uint64_t> ordered_;                      // a copy of the sizes, to find the smallest that is kept
  std::vector<Entry> index_;                           // slots by key; its size is a power of two
  std::vector<std::pair<uint64_t, uint32_t>> recent_;  // slots by value, so that repeated strings are not parsed twice
};

}  // namespace memscan

// What the tests of the kernels share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "../../native/kernels/kernel.h"

/// Memory between two guard pages.
class GuardedMemory {
 public:
  explicit GuardedMemory(size_t size);
  uint8_t* begin() { return whole_ + kPage; }
  uint8_t* end() { return whole_ + kPage + size_; }

  /// Where to lay data so that one of the kernels' reads beyond it, at one end or the other, ends where a guard begins,
  /// or up to 63 bytes before.
  uint8_t* place(size_t length, std::mt19937& random);

 private:
  static constexpr size_t kPage = 4096;
  const size_t size_;
  uint8_t* whole_;
};

/// A condition spelled out, and what it means byte by byte, written apart from the code under test.
struct Asked {
  struct AskedNeedle {
    std::string bytes;
    bool ignoreCase;
  };
  std::vector<AskedNeedle> needles;
  std::string classBytes;  // where there are no needles
  uint32_t runLength = 0;

  memscan::Condition condition() const;
  /// By how many bytes it is met at `place`, the fewest; 0 where it is not.
  size_t metAt(const uint8_t* place, const uint8_t* end) const;
  memscan::Place firstIn(const uint8_t* from, const uint8_t* end) const;
};

/// Counts a failure; prints the first ones.
void fail(const std::string& what);

void testConditions(const memscan::Kernel& kernel, std::mt19937& random);
void testPlaces(const memscan::Kernel& kernel, std::mt19937& random);

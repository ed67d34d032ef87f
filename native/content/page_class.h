// The class of a page's content, determined from its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../memory/source.h"

namespace memscan {

enum class PageClass : uint8_t {
  zero,
  text,      // in UTF-8, or ASCII in UTF-16
  pointers,  // 8-byte values that point into the target's regions
  repeated,  // one pattern of up to 64 bytes, repeated
  sparse,    // few bytes other than zeros, or small integers
  floats,    // floating-point numbers of four or eight bytes and usual magnitudes
  random,    // compressed or encrypted: bytes are as frequent as in random data
  other,
};

inline constexpr size_t kPageClasses = 8;
inline constexpr const char* kPageClassNames[] = {"zero",   "text",   "pointers",   "repeated",
                                                  "sparse", "floats", "compressed", "other"};

/// Bytes that are classified together: a page on most machines, and a part of one on the others.
inline constexpr size_t kClassPage = 4096;

/// The addresses that pointers may have: ranges in order, which neither overlap nor touch.
class PointerRanges {
 public:
  explicit PointerRanges(std::vector<Range> ranges) : ranges_(std::move(ranges)) {}

  bool hold(uint64_t value) const;

 private:
  const std::vector<Range> ranges_;
};

/// Returns the class of a page, or of the readable part of one: 1 to kClassPage bytes. Decides by a sample of its
/// words.
PageClass classOf(const uint8_t* page, size_t length, const PointerRanges& pointers);

}  // namespace memscan

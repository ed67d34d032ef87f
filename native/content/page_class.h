// What a page holds, told by its bytes alone.
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
  repeated,  // one pattern of up to 64 bytes again and again
  sparse,    // few bytes that are not zero, or small integers
  floats,    // numbers of four or eight bytes, of usual sizes
  random,    // compressed or encrypted: no byte is more frequent than chance has it
  other,
};

inline constexpr size_t kPageClasses = 8;
inline constexpr const char* kPageClassNames[] = {"zero",   "text",   "pointers",   "repeated",
                                                  "sparse", "floats", "compressed", "other"};

/// Bytes that are classed together: a page of every machine's.
inline constexpr size_t kClassPage = 4096;

/// Where pointers may point to: ranges in order and apart, those that touch as one.
class PointerRanges {
 public:
  explicit PointerRanges(std::vector<Range> ranges) : ranges_(std::move(ranges)) {}

  bool hold(uint64_t value) const;

 private:
  const std::vector<Range> ranges_;
};

/// The class of a page, or of what there is of one: 1 to kClassPage bytes. Decided on a sample of its words.
PageClass classOf(const uint8_t* page, size_t length, const PointerRanges& pointers);

}  // namespace memscan

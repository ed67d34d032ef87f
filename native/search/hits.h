// Searching all of memory, not only strings: for bytes with wildcards, or for pointers into a range.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "../kernels/kernel.h"
#include "../memory/source.h"

namespace memscan {

/// Bytes on each side of a hit that are reported with it, as far as they are readable.
inline constexpr uint32_t kContext = 16;

/// An occurrence of what the search is for. `bytes` points into the job's buffer, which owns them.
struct Hit {
  uint64_t address;
  const uint8_t* bytes;
  uint32_t length;
  uint32_t before;  // readable bytes of context before the hit, 0 to kContext
  uint32_t after;
};

/// Finds needles that begin in a segment, in order of address, then of length, overlapping ones too. A needle may end
/// in the margin after the segment. If several needles of equal length match at an address, they are one hit.
class NeedleHits {
 public:
  NeedleHits(const Kernel& kernel, const std::vector<Needle>& needles, const Segment& segment);

  std::optional<Hit> next();

 private:
  struct Cursor {
    const Needle* needle;
    const uint8_t* begin;  // its next occurrence; `end` = none
    const uint8_t* end;
  };

  void advance(Cursor& cursor, const uint8_t* from) const;

  const Kernel& kernel_;
  const Segment& segment_;
  std::vector<Cursor> cursors_;
};

/// Finds 8-byte words at multiples of 8 that begin in a segment and whose values are addresses in the range.
class PointerHits {
 public:
  PointerHits(const Kernel& kernel, const AddressRange& range, const Segment& segment);

  std::optional<Hit> next();

 private:
  const Kernel& kernel_;
  const AddressRange& range_;
  const Segment& segment_;
  const uint8_t* from_;
  const uint8_t* end_;
};

}  // namespace memscan

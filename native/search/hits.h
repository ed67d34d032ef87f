// What is looked for anywhere in memory, not only in strings: bytes with wildcards, or pointers into a range.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "../kernels/kernel.h"
#include "../memory/source.h"

namespace memscan {

/// Bytes of each side of a hit that are told with it, where they could be read.
inline constexpr uint32_t kContext = 16;

/// Something wanted that stands in memory. `bytes` points into the job's buffer.
struct Hit {
  uint64_t address;
  const uint8_t* bytes;
  uint32_t length;
  uint32_t before;  // readable bytes of context, 0 to kContext
  uint32_t after;
};

/// Finds needles that begin in a segment, by address and then by length, those that overlap too; they may end in the
/// margin behind it. What several needles fit is one hit.
class NeedleHits {
 public:
  NeedleHits(const Kernel& kernel, const std::vector<Needle>& needles, const Segment& segment);

  std::optional<Hit> next();

 private:
  struct Cursor {
    const Needle* needle;
    const uint8_t* begin;  // where it stands next; `end` = nowhere
    const uint8_t* end;
  };

  void advance(Cursor& cursor, const uint8_t* from) const;

  const Kernel& kernel_;
  const Segment& segment_;
  std::vector<Cursor> cursors_;
};

/// Finds words of 8 bytes, at multiples of 8, that begin in a segment and are addresses in the range.
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

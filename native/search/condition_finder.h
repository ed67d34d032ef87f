// Finding where memory meets one of several conditions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../kernels/kernel.h"

namespace memscan {

/// Finds the occurrences of several conditions in one range of memory, in order. It searches for each condition
/// separately, and scans each byte once for it.
class ConditionFinder {
 public:
  /// Searches [from, end). The arguments must outlive the finder.
  ConditionFinder(const Kernel& kernel, std::span<const Condition> conditions, const uint8_t* from, const uint8_t* end);

  /// Returns the first occurrence that begins at or after `from` and ends in the range: of several that begin at the
  /// same byte the shortest. It begins at the range's end if there is none. `from` must not decrease from call to call.
  Occurrence find(const uint8_t* from);

 private:
  const Kernel& kernel_;
  const std::span<const Condition> conditions_;
  const uint8_t* const end_;
  std::vector<Occurrence> next_;  // of each condition
};

}  // namespace memscan

// Where memory meets one of several conditions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../kernels/kernel.h"

namespace memscan {

/// Goes from place to place of one stretch of memory. Each condition is looked for on its own, and in each byte once.
class ConditionFinder {
 public:
  /// Looks in [from, end). What is given must outlive it.
  ConditionFinder(const Kernel& kernel, std::span<const Condition> conditions, const uint8_t* from, const uint8_t* end);

  /// The first place from `from` on that meets one, whole: where several begin there, the shortest. It begins at the
  /// end where there is none. `from` never goes back.
  Occurrence find(const uint8_t* from);

 private:
  const Kernel& kernel_;
  const std::span<const Condition> conditions_;
  const uint8_t* const end_;
  std::vector<Occurrence> next_;  // of each condition
};

}  // namespace memscan

// The limit common to all jobs.
#pragma once

#include <cstddef>

namespace memscan {

/// A job ends once it has found this many bytes of lines, records or families.
inline constexpr size_t kMuchFound = size_t{4} << 20;

}  // namespace memscan

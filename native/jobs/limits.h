// The limit that jobs have in common.
#pragma once

#include <cstddef>

namespace memscan {

/// Bytes of lines, records or families after which a job ends.
inline constexpr size_t kMuchFound = size_t{4} << 20;

}  // namespace memscan

// The size of memory pages on this machine.
#pragma once

#include <cstdint>

namespace memscan {

/// Returns the size of a page in bytes.
uint64_t pageSize();

}  // namespace memscan

// The size of pages on this machine.
#pragma once

#include <cstdint>

namespace memscan {

/// Bytes of a page of memory.
uint64_t pageSize();

}  // namespace memscan

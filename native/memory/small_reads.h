// Small looks into memory, here and there.
#pragma once

#include <cstdint>
#include <vector>

#include "source.h"

namespace memscan {

/// Reads `length` bytes at each of the addresses (in order, no two in one page) side by side to `to`. Returns for each
/// whether all of it was in memory and could be read: no page is brought in for it. `pagemapFd` is the process's
/// /proc/PID/pagemap, or -1 for files, all of which are there.
std::vector<bool> readEach(const Source& source, int pagemapFd, const std::vector<uint64_t>& addresses, uint64_t length,
                           bool byEntry, uint8_t* to);

}  // namespace memscan

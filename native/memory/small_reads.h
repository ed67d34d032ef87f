// Many small reads in one batch.
#pragma once

#include <cstdint>
#include <vector>

#include "source.h"

namespace memscan {

/// Reads `length` bytes at each of the addresses (in order, at most one in each page) to `to`, one after the other.
/// Returns for each address whether all its bytes were resident and readable: pages that are not resident are not
/// faulted in. Bytes that were not read are left unchanged in `to`. `pagemapFd` is the process's /proc/PID/pagemap; -1
/// for files, where every byte counts as resident. `byEntry`: see listPages().
std::vector<bool> readEach(const Source& source, int pagemapFd, const std::vector<uint64_t>& addresses, uint64_t length,
                           bool byEntry, uint8_t* to);

}  // namespace memscan

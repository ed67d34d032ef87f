// Giving up privileges that this process does not need.
#pragma once

#include <cstdint>

namespace memscan {

/// Drops all capabilities except `kept` (one bit each, numbered as in capabilities(7)) in every thread of the process,
/// and sets no_new_privs, so that programs and threads started later have no more. Returns 0 or an errno; ETIMEDOUT if
/// a thread did not respond within a second.
int dropPrivileges(uint64_t kept);

}  // namespace memscan

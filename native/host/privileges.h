// What this process may do beyond what it needs.
#pragma once

#include <cstdint>

namespace memscan {

/// Takes all capabilities but `kept` (a bit each, as numbered by capabilities(7)) from every thread of the process, and
/// sets no_new_privs: what runs or is started later has no more. Returns 0 or an errno; ETIMEDOUT where a thread did
/// not obey within a second.
int dropPrivileges(uint64_t kept);

}  // namespace memscan

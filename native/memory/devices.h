// The kernel's internal mounts of tmpfs and hugetlbfs, which back memfd, System V and shared anonymous memory.
#pragma once

#include <sys/types.h>

#include <vector>

namespace memscan {

/// Returns the device numbers of these mounts, found by creating a memfd of each kind that the kernel grants.
std::vector<dev_t> internalMemoryDevices();

}  // namespace memscan

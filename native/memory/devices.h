// The kernel's own mounts of tmpfs and hugetlbfs: they back memfd, System V and shared anonymous memory.
#pragma once

#include <sys/types.h>

#include <vector>

namespace memscan {

/// Their device numbers, asked of the kernel by making a memfd of each sort that it grants.
std::vector<dev_t> internalMemoryDevices();

}  // namespace memscan

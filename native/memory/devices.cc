#include "devices.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace memscan {

std::vector<dev_t> internalMemoryDevices() {
  // Each size of huge pages has a mount of its own: MFD_HUGE_* is the size's logarithm in the highest bits
  // (memfd_create(2)).
  constexpr unsigned kHugeShift = 26;
  constexpr unsigned kKinds[] = {0, MFD_HUGETLB, MFD_HUGETLB | 21u << kHugeShift, MFD_HUGETLB | 30u << kHugeShift};
  std::vector<dev_t> devices;
  for (const unsigned kind : kKinds) {
    const int fd = memfd_create("memscan", MFD_CLOEXEC | kind);
    if (fd < 0) continue;
    // A raw system call: glibc has no function fstat() before 2.33, and musl no statx() before 1.2.5.
    struct statx status;
    if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status) == 0) {
      devices.push_back(makedev(status.stx_dev_major, status.stx_dev_minor));
    }
    close(fd);
  }
  return devices;
}

}  // namespace memscan

#include "features.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pages.h"

namespace memscan {

KernelFeatures kernelFeatures() {
  const int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  const int self = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
  const KernelFeatures features = {pagemap >= 0 && hasPagemapScan(pagemap), self >= 0};
  if (pagemap >= 0) close(pagemap);
  if (self >= 0) close(self);
  return features;
}

}  // namespace memscan

#include "features.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "page_size.h"
#include "pagemap_scan.h"

namespace memscan {

namespace {

bool hasPagemapScan(int pagemap) {
  ScanRegion found;
  ScanArgument argument = {};
  argument.size = sizeof argument;
  argument.end = pageSize();
  argument.vec = reinterpret_cast<uintptr_t>(&found);
  argument.vecLength = 1;
  argument.maxPages = 1;
  argument.categoryAnyofMask = kScanPresent;
  argument.returnMask = kScanPresent;
  return ioctl(pagemap, kPagemapScan, &argument) >= 0;
}

}  // namespace

KernelFeatures kernelFeatures() {
  const int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  const int self = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
  const KernelFeatures features = {pagemap >= 0 && hasPagemapScan(pagemap), self >= 0};
  if (pagemap >= 0) close(pagemap);
  if (self >= 0) close(self);
  return features;
}

}  // namespace memscan
